import type { Judgement } from '../../src/accounts/password/judge-password.ts'
import type { Translate } from '../../src/messages/message.ts'
import { passwordField, type FaultText } from './form.ts'
import { html, type SafeHtml } from './html.ts'
import { judgedAt, passwordRules } from './password-rules.ts'

/**
 * The field of a new password, with its rules. One field: it can be shown, pasted into and filled in by a
 * manager. `judged`: where it is judged as it is typed.
 */
export function newPassword(
  t: Translate,
  { judged, judgement, faults }: { judged?: string; judgement: Judgement; faults: readonly FaultText[] },
): SafeHtml {
  const attributes = html`data-show="${t('password.show')}" data-hide="${t('password.hide')}"
  ${judged === undefined ? null : judgedAt(judged)}`
  return html`${passwordField({ name: 'password', label: t('password.new'), autocomplete: 'new-password', required: true, maxlength: 1024, faults, attributes })}
  ${passwordRules(t, judgement)}`
}

/** Tells password managers whose password it is; nobody else needs it. */
export function usernameField(login: string): SafeHtml {
  return html`<input
    class="visually-hidden"
    type="text"
    name="username"
    autocomplete="username"
    value="${login}"
    readonly
    tabindex="-1"
    aria-hidden="true"
  />`
}
