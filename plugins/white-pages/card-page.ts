import type { Group } from '../../src/directory/groups.ts'
import type { Card } from '../../src/accounts/people/read-card.ts'
import type { Translate } from '../../src/messages/message.ts'
import { mailLink, phoneLink } from '../web/contact.ts'
import { card, definitions, lines, pageHead } from '../web/data.ts'
import { linkButton } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { icon } from '../web/icon.ts'
import { path } from '../web/safe-url.ts'
import { cardPath, personAvatar, personList, roleLine } from './person-parts.ts'

/** A person's card: how to reach them, whom they work with, what they belong to. */
export function cardPage(
  t: Translate,
  shown: Card,
  { mayOpenAccount }: { mayOpenAccount: boolean },
): SafeHtml {
  const { person, reports, moreReports, groups } = shown
  const acts = [
    linkButton(`${cardPath(person)}/vcard`, html`${icon('person')}${t('people.vcard')}`, 'primary'),
    mayOpenAccount && person.login !== ''
      ? linkButton(path('desk', person.login), html`${icon('key')}${t('people.openAccount')}`)
      : null,
  ]
  return html`<div class="person-head">
      ${personAvatar(person, 'large')}${pageHead(person.displayName, { lead: roleLine(person), acts })}
    </div>
    <div class="columns">
      <div>
        ${card(contact(t, shown), { title: t('people.contact') })}
        ${groups.length === 0 ? null : card(groupList(groups), { title: t('people.groups') })}
      </div>
      <div>
        ${card(qrCode(t, shown), { title: t('people.qr') })}
        ${
          reports.length === 0
            ? null
            : card(
                [
                  personList(reports),
                  moreReports ? html`<p>${t('people.moreReports', { count: reports.length })}</p>` : null,
                ],
                { title: t('people.reports') },
              )
        }
      </div>
    </div>`
}

function contact(t: Translate, { person, manager }: Card): SafeHtml {
  return definitions([
    [t('people.mail'), lines(person.mail.map(mailLink))],
    [t('people.phone'), lines(person.phone.map(phoneLink))],
    [t('people.job'), person.title],
    [t('people.department'), person.department],
    [t('people.site'), person.site],
    [
      t('people.manager'),
      manager === null ? null : html`<a href="${cardPath(manager)}" rel="up">${manager.displayName}</a>`,
    ],
    [t('people.login'), person.login],
  ])
}

function qrCode(t: Translate, { person }: Card): SafeHtml {
  const alt = t('people.qrAlt', { name: person.displayName })
  return html`<img
    class="qr"
    src="${cardPath(person)}/qr.svg"
    alt="${alt}"
    width="240"
    height="240"
    loading="lazy"
  />`
}

/** Groups as a list of links. */
export function groupList(groups: readonly Group[]): SafeHtml {
  return html`<ul class="list">
    ${groups.map(
      ({ name, description }) =>
        html`<li>
          <div class="main">
            <a href="${path('groups', name)}">${name}</a
            >${description === null ? null : html`<p>${description}</p>`}
          </div>
        </li>`,
    )}
  </ul>`
}
