import type { Translate } from '../../src/messages/message.ts'
import { errorSummary } from '../web/error-summary.ts'
import { field, linkButton, postForm, submitButton, type FaultText } from '../web/form.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'

/** Asks whose password was forgotten. */
export function recoverPage(
  t: Translate,
  { csrf, faults }: { csrf: string; faults: readonly FaultText[] },
): SafeHtml {
  const attributes = html`autocapitalize="none" autocorrect="off" spellcheck="false"`
  const content = html`${field({ name: 'identifier', label: t('recover.identifier'), autocomplete: 'username', required: true, maxlength: 256, faults, attributes })}
  ${submitButton(t('recover.submit'))}`
  return html`<h1>${t('recover.title')}</h1>
    <p class="lead">${t('recover.lead')}</p>
    ${errorSummary(t, faults)} ${postForm({ action: '/recover', csrf, content })}
    <p>${linkButton('/sign-in', t('recover.back'))}</p>`
}

/** The same for everybody: who got a mail is nobody else's business. */
export function askedPage(t: Translate, { minutes }: { minutes: number }): SafeHtml {
  return html`<h1>${t('recover.askedTitle')}</h1>
    ${notice('info', t('recover.asked', { minutes }))}
    <p>${t('recover.askedAdvice')}</p>
    <p class="acts">
      ${linkButton('/recover', t('recover.again'))}${linkButton('/sign-in', t('recover.back'))}
    </p>`
}
