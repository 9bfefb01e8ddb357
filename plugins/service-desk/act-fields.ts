import { hasStartDate } from '../../src/accounts/offered-acts.ts'
import type { Translate } from '../../src/messages/message.ts'
import { checkbox, field, textArea } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import type { ActPageOptions } from './act-page.ts'
import { validityDays } from './validity-days.ts'

/** What the act's form asks for, the reason last. */
export function actFields(t: Translate, options: ActPageOptions): SafeHtml {
  return html`${ownFields(t, options)}${reasonField(t, options)}`
}

function ownFields(t: Translate, options: ActPageOptions): SafeHtml | null {
  switch (options.act) {
    case 'reset':
      return resetFields(t, options)
    case 'validity':
      return validityFields(t, options)
    case 'rename':
      return renameField(t, options)
    case 'unlock':
    case 'enable':
    case 'require-change':
    case 'lock':
    case 'disable':
      return null
  }
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

function resetFields(
  t: Translate,
  { account, typed, faults, profile, serverLength }: ActPageOptions,
): SafeHtml {
  const isWrong = faults.some((fault) => fault.field === 'password')
  return html`<details class="own-password" ${isWrong ? html`open` : null}>
      <summary>${t('reset.own')}</summary>
      ${field({
        name: 'password',
        label: t('reset.password'),
        hint: t(`reset.passwordHint.${profile}`, { min: serverLength }),
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

/** A disabled account has its start taken: the field comes back when it is enabled. */
function validityFields(t: Translate, { account, typed, faults }: ActPageOptions): SafeHtml {
  const { state, directory } = account
  const shown = validityDays(state)
  const isDisabled = state.conditions.some(({ kind }) => kind === 'disabled')
  const label = t('validity.from')
  const from = field({
    name: 'from',
    label,
    hint: t('validity.hint'),
    type: 'date',
    value: typed.from ?? shown.from,
    faults,
  })
  const until = field({
    name: 'until',
    label: t('validity.until'),
    hint: t('validity.untilHint'),
    type: 'date',
    value: typed.until ?? shown.until,
    faults,
  })
  const first = hasStartDate(directory.kind)
    ? isDisabled
      ? html`<p>${t('validity.disabled')}</p>`
      : from
    : html`<p>${t('validity.noStart')}</p>`
  return html`${first}${until}`
}

function renameField(t: Translate, { account, typed, faults }: ActPageOptions): SafeHtml {
  return field({
    name: 'login',
    label: t('rename.login'),
    hint: t('rename.hint'),
    value: typed.login ?? account.ref.login,
    maxlength: 64,
    required: true,
    faults,
    attributes: html`autocapitalize="none" autocorrect="off" spellcheck="false"`,
  })
}
