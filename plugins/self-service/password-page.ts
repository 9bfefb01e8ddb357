import type { Judgement } from '../../src/accounts/password/judge-password.ts'
import type { Translate } from '../../src/messages/message.ts'
import { errorSummary } from '../web/error-summary.ts'
import { linkButton, passwordField, postForm, submitButton, type FaultText } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { newPassword, usernameField } from '../web/new-password.ts'

type Shown = { csrf: string; login: string; judgement: Judgement; faults: readonly FaultText[] }

/** The old password and a new one. */
export function passwordPage(t: Translate, { csrf, login, judgement, faults }: Shown): SafeHtml {
  const content = html`${usernameField(login)}
  ${passwordField({ name: 'old', label: t('password.old'), autocomplete: 'current-password', required: true, maxlength: 1024, faults })}
  ${newPassword(t, { judged: '/password/check', judgement, faults })} ${submitButton(t('password.submit'))}`
  const labels = { old: t('password.old'), password: t('password.new') }
  return html`<h1>${t('password.title')}</h1>
    ${errorSummary(t, faults, labels)} ${postForm({ action: '/password', csrf, content })}
    <p class="hint">${t('password.consequence')}</p>
    <p>${linkButton('/account', t('common.cancel'))}</p>`
}
