import type { FastifyRequest } from 'fastify'
import type { PersonActor } from '../../src/access/actor.ts'
import type { Unfinished } from '../../src/accounts/password/unfinished-write.ts'
import type { OwnAccount } from '../../src/accounts/read-own-account.ts'
import type { Locale, Translate } from '../../src/messages/message.ts'
import { unfinishedNotice } from '../password-places.ts'
import { avatar } from '../web/avatar.ts'
import { card, definitions, lines, pageHead } from '../web/data.ts'
import { linkButton } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { icon } from '../web/icon.ts'
import { badge, notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { moment } from '../web/time.ts'

type Shown = {
  account: OwnAccount
  actor: PersonActor
  isChanged: boolean
  /** What is still to be written of the last new password. */
  unfinished: Unfinished | null
  csrf: () => string
}

/** Who the person is here, and the state of their password. */
export function accountPage(
  { t, locale }: Pick<FastifyRequest, 't' | 'locale'>,
  { account, actor, isChanged, unfinished, csrf }: Shown,
): SafeHtml {
  const { person } = account
  const name = person.displayName === '' ? actor.person.login : person.displayName
  const photo = person.hasPhoto ? `${path('people', person.handle, 'photo')}?size=192` : null
  return html`<div class="person-head">
      ${avatar(name, { photo, size: 'large' })}${pageHead(t('account.title'), { lead: name })}
    </div>
    ${isChanged ? notice('success', t('account.passwordChanged'), true) : null}
    ${unfinished === null ? null : unfinishedNotice(t, unfinished, { action: '/password/retry', csrf: csrf() })}
    <div class="columns">
      ${card(details(t, account, actor), { title: t('account.you') })}
      ${card(password(t, locale, account), { title: t('account.password') })}
    </div>`
}

function details(t: Translate, { person }: OwnAccount, { roles }: PersonActor): SafeHtml {
  return definitions([
    [t('account.login'), person.login],
    [t('account.mail'), lines(person.mail)],
    [t('account.phone'), lines(person.phone)],
    [t('account.job'), person.title],
    [t('account.department'), person.department],
    [t('account.site'), person.site],
    [t('account.roles'), lines(roles.map(({ name }) => name))],
  ])
}

function password(t: Translate, locale: Locale, { state }: OwnAccount): SafeHtml {
  const { passwordChangedAt: changed, passwordExpiresAt: expires } = state
  return html`${definitions([
      [t('account.state'), passwordState(t, state)],
      [t('account.changedAt'), changed === undefined ? null : moment(locale, changed)],
      [t('account.expiresAt'), expires === undefined ? t('account.neverExpires') : moment(locale, expires)],
    ])}
    <div class="acts after">
      ${linkButton('/password', html`${icon('key')}${t('account.change')}`, 'primary')}
    </div>`
}

function passwordState(t: Translate, { conditions }: OwnAccount['state']): SafeHtml {
  const kinds = conditions.map(({ kind }) => kind)
  if (kinds.includes('closed-elsewhere') || kinds.includes('password-elsewhere'))
    return badge('neutral', t('account.elsewhere'))
  if (kinds.includes('password-expired')) return badge('warning', t('account.expired'))
  if (kinds.includes('must-change')) return badge('warning', t('account.mustChange'))
  return badge('success', t('account.good'))
}
