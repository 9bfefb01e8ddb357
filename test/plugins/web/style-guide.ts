import type { FastifyReply, FastifyRequest } from 'fastify'
import { avatar } from '../../../plugins/web/avatar.ts'
import { confirmation } from '../../../plugins/web/confirmation.ts'
import { card, dataTable, definitions, emptyState, pageHead, pager } from '../../../plugins/web/data.ts'
import { errorSummary } from '../../../plugins/web/error-summary.ts'
import {
  checkbox,
  field,
  linkButton,
  passwordField,
  postButton,
  postForm,
  searchForm,
  selectField,
  submitButton,
  textArea,
  type FaultText,
} from '../../../plugins/web/form.ts'
import { html } from '../../../plugins/web/html.ts'
import type { Page, Viewer } from '../../../plugins/web/layout.ts'
import { badge, notice } from '../../../plugins/web/notice.ts'
import { moment } from '../../../plugins/web/time.ts'

const hugo: Viewer = {
  displayName: 'Hugo Béranger',
  sections: ['portal', 'people', 'groups', 'desk', 'account'],
}

const people = [
  {
    name: 'Élodie Lefèvre',
    job: 'Responsable des achats',
    site: 'Saint-Étienne',
    state: badge('success', 'Actif'),
  },
  {
    name: 'Zoé Œuvrard',
    job: 'Juriste',
    site: 'Lyon',
    state: badge('warning', 'Mot de passe expiré', 'clock'),
  },
  {
    name: 'Jean-Noël D’Hervé',
    job: 'Technicien réseau',
    site: 'Grenoble',
    state: badge('danger', 'Verrouillé', 'lock'),
  },
  {
    name: 'Nguyễn Thị Minh Khai',
    job: 'Cheffe de projet',
    site: 'Lyon',
    state: badge('neutral', 'Désactivé', 'stop'),
  },
]

/** Every component once, as the products use them. */
export function styleGuide(request: FastifyRequest, reply: FastifyReply): Page {
  const { t, locale } = request
  const csrf = reply.csrf()
  const main = html` ${pageHead('Annuaire', { lead: '1 248 personnes', acts: linkButton('/export', 'Exporter') })}
    ${searchForm({ action: '/people', button: 'Rechercher', field: { name: 'q', label: 'Nom, fonction, téléphone', value: 'élo' } })}
    ${card([peopleList(), pager(t, { next: '/people?cursor=abc', first: '/people' })])}
    <div class="columns">
      ${card(
        definitions([
          ['Téléphone', html`<a href="tel:+33477000001">+33 4 77 00 00 01</a>`],
          [
            'Adresse électronique',
            html`<a href="mailto:elodie@acme.example">elodie.lefevre@acme.example</a>`,
          ],
          ['Dernière connexion', moment(locale, new Date('2026-11-25T09:32:00Z'))],
          ['Bureau', null],
        ]),
        { title: 'Coordonnées' },
      )}
      ${card(
        html`<div class="acts">
          ${postButton({ action: '/unlock', csrf, label: 'Déverrouiller' })}
          ${postButton({ action: '/disable', csrf, label: 'Désactiver', tone: 'danger' })}
        </div>`,
        { title: 'Actes' },
      )}
    </div>
    ${card(dataTable('Comptes à surveiller', columns, people))}
    ${notice('info', html`<p>Une information utile, avec <a href="/people">un lien</a>.</p>`)}
    ${notice('success', html`<p>Le mot de passe a été réinitialisé.</p>`)}
    ${notice('warning', html`<p>Le mot de passe expire dans trois jours.</p>`)}
    ${notice('danger', html`<p>L’annuaire ne répond pas.</p>`)}
    ${card(emptyState('search', 'Personne ne correspond à « xyz »', 'Essayez avec moins de lettres.'))}`
  return { title: 'Annuaire', main, viewer: hugo, section: 'people' }
}

const columns = [
  { label: 'Nom', cell: ({ name }: (typeof people)[number]) => html`<a href="/people/x">${name}</a>` },
  { label: 'Fonction', cell: ({ job }: (typeof people)[number]) => job },
  { label: 'Site', cell: ({ site }: (typeof people)[number]) => site },
  { label: 'État', cell: ({ state }: (typeof people)[number]) => state },
]

function peopleList() {
  return html`<ul class="list">
    ${people.map(
      ({ name, job, site }) =>
        html`<li>
          ${avatar(name)}
          <div class="main">
            <a href="/people/x">${name}</a>
            <p>${job} · ${site}</p>
          </div>
        </li>`,
    )}
  </ul>`
}

/** A form that was refused. */
export function formGuide(request: FastifyRequest, reply: FastifyReply): Page {
  const { t } = request
  const faults: FaultText[] = [
    { field: 'password', text: 'Utilisez au moins 15 caractères.' },
    { field: 'password', text: 'Ce mot de passe est trop courant.' },
    { field: 'reason', text: 'Remplissez ce champ.' },
  ]
  const content = html` ${field({ name: 'login', label: 'Identifiant', hint: 'Celui de votre poste de travail.', autocomplete: 'username', value: 'elodie' })}
  ${passwordField({ name: 'password', label: 'Nouveau mot de passe', autocomplete: 'new-password', faults, hint: 'Une phrase fait un bon mot de passe.' })}
  ${selectField({
    name: 'site',
    label: 'Site',
    value: 'lyon',
    choices: [
      { value: 'lyon', label: 'Lyon' },
      { value: 'paris', label: 'Paris' },
    ],
  })}
  ${textArea({ name: 'reason', label: 'Motif', faults })}
  ${checkbox({ name: 'notify', label: 'Prévenir la personne par courriel', checked: true })}
  ${submitButton('Enregistrer')}`
  const main = html`${pageHead('Changer de mot de passe')}${errorSummary(t, faults, { password: 'Nouveau mot de passe', reason: 'Motif' })}
  ${card(postForm({ action: '/form', csrf: reply.csrf(), content }))}`
  return { title: 'Changer de mot de passe', main, viewer: hugo, shape: 'narrow', section: 'account' }
}

/** An act that asks first. */
export function confirmationGuide(_request: FastifyRequest, reply: FastifyReply): Page {
  const main = confirmation({
    title: 'Désactiver le compte de Zoé Œuvrard ?',
    consequence:
      'Elle ne pourra plus se connecter, et ses sessions prendront fin. Le compte peut être réactivé.',
    action: '/form',
    csrf: reply.csrf(),
    label: 'Désactiver le compte',
    content: field({ name: 'reason', label: 'Motif' }),
    cancel: { href: '/guide', label: 'Annuler' },
  })
  return { title: 'Désactiver', main, viewer: hugo, shape: 'narrow', section: 'desk' }
}
