import type { OfferedAct } from '../../src/accounts/offered-acts.ts'
import type { DeskAccount } from '../../src/accounts/read-account.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import type { PasswordProfile } from '../../src/accounts/password/password-policy.ts'
import type { Translate } from '../../src/messages/message.ts'
import { card, pageHead } from '../web/data.ts'
import { errorSummary } from '../web/error-summary.ts'
import { checkbox, field, linkButton, postForm, submitButton, textArea, type FaultText } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import { path } from '../web/safe-url.ts'

export type ActPageOptions = {
  act: DeskAct
  account: DeskAccount
  /** Absent when the act makes no sense any more. */
  offered: OfferedAct | undefined
  isReasonRequired: boolean
  profile: PasswordProfile
  csrf: string
  /** What was typed, when the act was refused; passwords never. */
  typed: ActForm
  faults: readonly FaultText[]
}

/** The fields of the forms as browsers send them: a box that is not ticked is not there. */
export type ActForm = { reason: string; mustChange?: 'on' | undefined; notify?: 'on' | undefined }

/** Asks before an act, on a page of its own: it says what will be so and takes the reason. */
export function actPage(t: Translate, options: ActPageOptions): SafeHtml {
  const { act, account, offered, faults, csrf } = options
  const { displayName, login } = account.shown
  const back = linkButton(path('desk', login), t('desk.back'))
  const head = pageHead(t(`act.${act}.title`, { name: displayName }), { lead: login })
  if (offered === undefined) return html`${head}${notice('info', html`<p>${t('act.senseless')}</p>`)}${back}`
  if (offered.refused !== null)
    return html`${head}${notice('info', html`<p>${t(`act.refused.${offered.refused}`)}</p>`)}${back}`
  const labels = { reason: t('act.reason'), password: t('reset.password') }
  const isShuttingOut = act === 'lock' || act === 'disable'
  const content = html`${act === 'reset' ? resetFields(t, options) : null}${reasonField(t, options)}
    <div class="acts">
      ${submitButton(t(`act.${act}`), isShuttingOut ? 'danger' : 'primary')}
      ${linkButton(path('desk', login), t('common.cancel'))}
    </div>`
  return html`${head}${errorSummary(t, faults, labels)}
  ${notice(isShuttingOut || act === 'reset' ? 'warning' : 'info', html`<p>${t(`act.${act}.consequence`)}</p>`)}
  ${card(postForm({ action: path('desk', login, act), csrf, content }))}`
}

function reasonField(t: Translate, { isReasonRequired, typed, faults }: ActPageOptions): SafeHtml {
  return textArea({
    name: 'reason',
    label: t('act.reason'),
    hint: t(isReasonRequired ? 'act.reasonHint' : 'act.reasonOptional'),
    value: typed.reason,
    rows: 2,
    maxlength: 500,
    required: isReasonRequired,
    faults,
  })
}

function resetFields(t: Translate, { account, typed, faults, profile }: ActPageOptions): SafeHtml {
  const isWrong = faults.some((fault) => fault.field === 'password')
  return html`<details class="own-password" ${isWrong ? html`open` : null}>
      <summary>${t('reset.own')}</summary>
      ${field({
        name: 'password',
        label: t('reset.password'),
        hint: t(`reset.passwordHint.${profile}`),
        faults,
        attributes: html`autocapitalize="none" autocorrect="off" spellcheck="false"`,
      })}
    </details>
    ${checkbox({ name: 'mustChange', label: t('reset.mustChange'), checked: typed.mustChange === 'on' })}
    ${
      account.person.mail.length === 0
        ? null
        : checkbox({
            name: 'notify',
            label: t('reset.notify'),
            hint: t('reset.notifyHint'),
            checked: typed.notify === 'on',
          })
    }`
}
