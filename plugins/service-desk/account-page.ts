import type { OfferedAct } from '../../src/accounts/offered-acts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import type { Unfinished } from '../../src/accounts/password/unfinished-write.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import { unfinishedNotice } from '../password-places.ts'
import { avatar } from '../web/avatar.ts'
import { card, pageHead } from '../web/data.ts'
import { linkButton, postButton } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { badge, notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { factsCard } from './facts-card.ts'
import { refusalText } from './refusal-text.ts'
import { resultNotice } from './result-notice.ts'
import type { ActResult } from './act-results.ts'
import { stateLines, type Reader } from './state-words.ts'

export type AccountPageOptions = {
  account: DeskAccount
  offered: readonly OfferedAct[]
  /** Acts for which the tenant wants a reason. */
  reasonRequired: readonly DeskAct[]
  result: ActResult | null
  /** What is still to be written of the last new password, by this agent. */
  unfinished: Unfinished | null
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
    ${result === null ? null : resultNotice(reader, account, result, options.csrf)}
    ${options.unfinished === null ? null : unfinishedNotice(t, options.unfinished, { action: path('desk', account.ref.login, 'reset', 'retry'), csrf: options.csrf() })}
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
  const refusals = new Set(
    offered.flatMap(({ act, refused }) => (refused === null ? [] : [refusalText(t, act, refused)])),
  )
  const buttons = possible.map((act, index) => {
    const action = path('desk', account.ref.login, act)
    const tone = index === 0 ? 'primary' : 'quiet'
    // What mends and needs no word of explanation is done at once.
    return (act === 'unlock' || act === 'enable') && !reasonRequired.includes(act)
      ? postButton({ action, csrf: csrf(), label: t(`act.${act}`), tone })
      : linkButton(action, t(`act.${act}`), tone)
  })
  const content = html`${[...refusals].map((text) => notice('info', html`<p>${text}</p>`))}
  ${buttons.length > 0 ? html`<div class="acts">${buttons}</div>` : null}
  ${offered.length === 0 ? html`<p>${t('desk.noActs')}</p>` : null}`
  return card(content, { title: t('desk.actsTitle') })
}
