import type { Judgement } from '../../../src/accounts/password/judge-password.ts'
import type { Translate } from '../../../src/messages/message.ts'
import { errorSummary } from '../../web/error-summary.ts'
import { field, linkButton, passwordField, postForm, submitButton, type FaultText } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { newPassword, usernameField } from '../../web/new-password.ts'
import { notice } from '../../web/notice.ts'

export type SignInView = {
  action: string
  csrf: string
  /** Name of the application that the person is on their way to; null for our own pages. */
  application: string | null
  login: string
  faults: readonly FaultText[]
  /** Whether a forgotten password can be recovered by mail. */
  canRecover: boolean
}

/** Login and password. */
export function signInPage(
  t: Translate,
  { action, csrf, application, login, faults, canRecover }: SignInView,
): SafeHtml {
  const content = html` ${field({ name: 'login', label: t('signIn.login'), value: login, autocomplete: 'username', required: true, maxlength: 256, faults, attributes: noCapitals })}
  ${passwordField({ name: 'password', label: t('signIn.password'), autocomplete: 'current-password', required: true, maxlength: 1024, faults })}
  ${submitButton(t('signIn.submit'))}`
  return html`<h1>${t('signIn.title')}</h1>
    ${application === null ? null : html`<p class="lead">${t('signIn.to', { application })}</p>`}
    ${errorSummary(t, faults)} ${postForm({ action, csrf, content })}
    ${canRecover ? html`<p>${linkButton('/recover', t('signIn.forgotten'))}</p>` : null}`
}

export type ChangeView = {
  action: string
  csrf: string
  login: string
  /** The rules of a new password. */
  judgement: Judgement
  /** Why the password is to be changed, in a sentence. */
  reason: string
  /** Where the person goes on who need not change it yet; null for who must. */
  later: string | null
  faults: readonly FaultText[]
}

/** The password was right, and must or should be changed before anything else. */
export function changePage(
  t: Translate,
  { action, csrf, login, judgement, reason, later, faults }: ChangeView,
): SafeHtml {
  const labels = { old: t('signIn.oldPassword'), password: t('password.new') }
  const content = html` ${usernameField(login)}
  ${passwordField({ name: 'old', label: t('signIn.oldPassword'), autocomplete: 'current-password', required: true, maxlength: 1024, faults })}
  ${newPassword(t, { judgement, faults })} ${submitButton(t('signIn.change'))}`
  return html`<h1>${t('signIn.changeTitle')}</h1>
    ${errorSummary(t, faults, labels)} ${faults.length === 0 ? notice('warning', reason) : null}
    ${postForm({ action, csrf, content })}
    ${later === null ? null : html`<p>${linkButton(later, t('signIn.later'))}</p>`}`
}

const noCapitals = html`autocapitalize="none" autocorrect="off" spellcheck="false"`
