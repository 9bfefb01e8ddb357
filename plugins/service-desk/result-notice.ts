import type { DeskAccount } from '../../src/accounts/read-account.ts'
import { html, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import type { ActResult } from './act-results.ts'
import type { Reader } from './state-words.ts'

/** What came of the act, and what to do next. A generated password is shown here and nowhere else. */
export function resultNotice(
  { t }: Reader,
  { person, shown, state }: DeskAccount,
  result: ActResult,
): SafeHtml {
  const { act, changed, generated, mustChange, notified } = result
  if (!changed) return notice('info', html`<p>${t('act.already')}</p>`, true)
  const bites = state.conditions.some(({ kind }) => kind === 'must-change')
  const next = mustChange ? t(bites ? 'reset.willChange' : 'reset.wontChange') : null
  return notice(
    'success',
    html`<p><strong>${t(`act.${act}.done`)}</strong></p>
      ${generated === null ? null : secret(t('reset.generated', { name: shown.displayName }), generated, t('reset.once'))}
      ${next === null ? null : html`<p>${next}</p>`}
      ${notified && person.mail.length > 0 ? html`<p>${t('reset.notified')}</p>` : null}`,
    true,
  )
}

/** A field, so that one tap selects all of it and it can be copied without a script. */
function secret(label: string, value: string, hint: string): SafeHtml {
  return html`<div class="field secret">
    <label for="field-generated">${label}</label>
    <input
      id="field-generated"
      type="text"
      readonly
      value="${value}"
      size="${value.length}"
      autocomplete="off"
      spellcheck="false"
      aria-describedby="hint-generated"
    />
    <p class="hint" id="hint-generated">${hint}</p>
  </div>`
}
