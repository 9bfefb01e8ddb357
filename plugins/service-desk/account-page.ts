import type { OfferedAct } from '../../src/accounts/offered-acts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import { avatar } from '../web/avatar.ts'
import { mailLink, phoneLink } from '../web/contact.ts'
import { card, definitions, pageHead } from '../web/data.ts'
import { linkButton, postButton } from '../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { badge, notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { moment, momentText } from '../web/time.ts'
import { resultNotice } from './result-notice.ts'
import type { ActResult } from './act-results.ts'
import { stateLines, type Reader } from './state-words.ts'

export type AccountPageOptions = {
  account: DeskAccount
  offered: readonly OfferedAct[]
  /** Acts for which the tenant wants a reason. */
  reasonRequired: readonly DeskAct[]
  result: ActResult | null
  mayReadAudit: boolean
  csrf: () => string
}

/** An account: who it is, its true state, what came of the last act, what the agent can do. */
export function accountPage(reader: Reader, options: AccountPageOptions): SafeHtml {
  const { account, result } = options
  const { t } = reader
  const { shown } = account
  const job = [shown.login, shown.title, shown.department].filter((part) => part !== null).join(' · ')
  return html`<div class="account-head">
      ${avatar(shown.displayName)}${pageHead(shown.displayName, { lead: job })}
    </div>
    ${result === null ? null : resultNotice(reader, account, result)}
    <div class="columns">
      <div>${stateCard(reader, account)}${actsCard(reader, options)}</div>
      <div>
        ${factsCard(reader, account)}
        <p class="acts">
          ${linkButton(path('people', shown.handle), t('desk.whitePages'))}
          ${
            options.mayReadAudit
              ? linkButton(
                  `/audit?${new URLSearchParams({ person: shown.login }).toString()}`,
                  t('desk.auditOf'),
                )
              : null
          }
        </p>
      </div>
    </div>`
}

function stateCard(reader: Reader, { state }: DeskAccount): SafeHtml {
  const lines = stateLines(reader, state).map(
    ({ tone, sign, name, text }) =>
      html`<li>
        ${badge(tone, name, sign)}
        <p>${text}</p>
      </li>`,
  )
  return card(
    html`<ul class="states">
      ${lines}
    </ul>`,
    { title: reader.t('desk.stateTitle') },
  )
}

function actsCard({ t }: Reader, { account, offered, reasonRequired, csrf }: AccountPageOptions): SafeHtml {
  const possible = offered.filter(({ refused }) => refused === null).map(({ act }) => act)
  const refusals = new Set(offered.flatMap(({ refused }) => refused ?? []))
  const buttons = possible.map((act, index) => {
    const action = path('desk', account.ref.login, act)
    const tone = index === 0 ? 'primary' : 'quiet'
    // What mends and needs no word of explanation is done at once.
    return (act === 'unlock' || act === 'enable') && !reasonRequired.includes(act)
      ? postButton({ action, csrf: csrf(), label: t(`act.${act}`), tone })
      : linkButton(action, t(`act.${act}`), tone)
  })
  const content = html`${[...refusals].map((reason) => notice('info', html`<p>${t(`act.refused.${reason}`)}</p>`))}
  ${buttons.length > 0 ? html`<div class="acts">${buttons}</div>` : null}
  ${offered.length === 0 ? html`<p>${t('desk.noActs')}</p>` : null}`
  return card(content, { title: t('desk.actsTitle') })
}

function factsCard({ t, locale }: Reader, { shown, state }: DeskAccount): SafeHtml {
  const date = (value: Date | undefined) => (value === undefined ? null : moment(locale, value))
  const last = state.failures.at(-1)
  const rows: [string, HtmlValue][] = [
    [t('desk.passwordChanged'), date(state.passwordChangedAt) ?? t('desk.unknown')],
    [t('desk.passwordExpires'), date(state.passwordExpiresAt)],
    [t('desk.lastSignIn'), date(state.lastSignInAt) ?? t('desk.unknown')],
    [
      t('desk.failures'),
      last === undefined
        ? null
        : t('desk.failuresText', { count: state.failures.length, last: momentText(locale, last) }),
    ],
    [t('desk.mail'), shown.mail.map((address) => html`${mailLink(address)} `)],
    [t('desk.phone'), shown.phone.map((number) => html`${phoneLink(number)} `)],
    [t('desk.policy'), state.policy?.dn],
    [t('desk.dn'), shown.dn],
  ]
  return card(definitions(rows.filter(([, value]) => !Array.isArray(value) || value.length > 0)), {
    title: t('desk.factsTitle'),
  })
}
