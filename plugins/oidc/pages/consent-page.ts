import type { MessageKey, Translate } from '../../../src/messages/message.ts'
import { isMessageKey } from '../../../src/messages/message.ts'
import { postForm } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'

export type ConsentView = {
  action: string
  csrf: string
  application: string
  /** Host that the person will be sent to. */
  host: string
  scopes: readonly string[]
}

/** What an application asks for, once for each application and set of scopes. */
export function consentPage(
  t: Translate,
  { action, csrf, application, host, scopes }: ConsentView,
): SafeHtml {
  const content = html` <p>${t('consent.lead', { application, host })}</p>
    <ul>
      ${scopes.map((scope) => html`<li>${t(scopeKey(scope), { scope })}</li>`)}
    </ul>
    <p class="hint">${t('consent.remembered')}</p>
    <div class="acts">
      <button type="submit" class="button primary" name="answer" value="allow">${t('consent.allow')}</button>
      <button type="submit" class="button quiet" name="answer" value="refuse">${t('consent.refuse')}</button>
    </div>`
  return html`<h1>${t('consent.title', { application })}</h1>
    ${postForm({ action, csrf, content })}`
}

function scopeKey(scope: string): MessageKey {
  const key = `consent.scope.${scope.replaceAll('.', '-')}`
  return isMessageKey(key) ? key : 'consent.scope.other'
}
