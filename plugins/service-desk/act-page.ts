import type { OfferedAct } from '../../src/accounts/offered-acts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import type { PasswordProfile } from '../../src/accounts/password/password-policy.ts'
import type { Translate } from '../../src/messages/message.ts'
import { card, pageHead } from '../web/data.ts'
import { errorSummary } from '../web/error-summary.ts'
import { linkButton, postForm, submitButton, type FaultText } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'
import { actFields } from './act-fields.ts'
import type { ActForm } from './act-form.ts'
import { refusalText } from './refusal-text.ts'

export type ActPageOptions = {
  act: DeskAct
  account: DeskAccount
  /** Absent when the act makes no sense any more. */
  offered: OfferedAct | undefined
  isReasonRequired: boolean
  profile: PasswordProfile
  /** Fewest characters that the directory takes; 0 when it has no such rule, or does not say. */
  serverLength: number
  csrf: string
  /** What was typed, when the act was refused; passwords never. */
  typed: ActForm
  faults: readonly FaultText[]
}

/** Asks before an act, on a page of its own: it says what will be so and takes the reason. */
export function actPage(t: Translate, options: ActPageOptions): SafeHtml {
  const { act, account, offered, faults, csrf } = options
  const { displayName, login } = account.shown
  const back = linkButton(path('desk', login), t('desk.back'))
  const head = pageHead(t(`act.${act}.title`, { name: displayName }), { lead: login })
  if (offered === undefined) return html`${head}${notice('info', html`<p>${t('act.senseless')}</p>`)}${back}`
  if (offered.refused !== null)
    return html`${head}${notice('info', html`<p>${refusalText(t, act, offered.refused)}</p>`)}${back}`
  const isShuttingOut = act === 'lock' || act === 'disable'
  const content = html`${actFields(t, options)}
    <div class="acts">
      ${submitButton(t(`act.${act}`), isShuttingOut ? 'danger' : 'primary')}
      ${linkButton(path('desk', login), t('common.cancel'))}
    </div>`
  return html`${head}${errorSummary(t, faults, labelsOf(t))}
  ${notice(isShuttingOut || act === 'reset' ? 'warning' : 'info', html`<p>${t(`act.${act}.consequence`)}</p>`)}
  ${card(postForm({ action: path('desk', login, act), csrf, content }))}`
}

function labelsOf(t: Translate): Record<string, string> {
  return {
    reason: t('act.reason'),
    password: t('reset.password'),
    from: t('validity.from'),
    until: t('validity.until'),
    login: t('rename.login'),
  }
}
