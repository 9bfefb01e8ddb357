import type { MessageKey, Translate } from '../../src/messages/message.ts'
import { isMessageKey } from '../../src/messages/message.ts'
import type { Fault } from '../../src/problems/problem.ts'
import type { FaultText } from './form.ts'
import { html, type SafeHtml } from './html.ts'
import { icon } from './icon.ts'

/** The faults of a problem in words: `fault.<reason>`. A reason without a text of its own is said in general terms. */
export function faultTexts(t: Translate, faults: readonly Fault[]): FaultText[] {
  return faults.map(({ field, reason, params }) => ({ field, text: t(faultKey(reason), params) }))
}

function faultKey(reason: string): MessageKey {
  const key = `fault.${reason}`
  return isMessageKey(key) ? key : 'fault.invalid'
}

/**
 * What went wrong with a form, above it: read out at once, focused when the page opens, each line a link to
 * its field. `labels` (by field name) are put before the texts, for forms of several fields. A fault with an
 * empty field name is of the form as a whole. Nothing when there is no fault.
 */
export function errorSummary(
  t: Translate,
  faults: readonly FaultText[],
  labels: Readonly<Record<string, string>> = {},
): SafeHtml | null {
  if (faults.length === 0) return null
  const [only] = faults
  const content =
    faults.length === 1 && only?.field === '' ? html`<p>${only.text}</p>` : faultList(t, faults, labels)
  return html`<div class="notice danger summary" role="alert" tabindex="-1" autofocus>
    ${icon('alert')}
    <div>${content}</div>
  </div>`
}

function faultList(
  t: Translate,
  faults: readonly FaultText[],
  labels: Readonly<Record<string, string>>,
): SafeHtml {
  return html`<p><strong>${t('web.summary', { count: faults.length })}</strong></p>
    <ul>
      ${faults.map((fault) => summaryLine(fault, labels[fault.field]))}
    </ul>`
}

function summaryLine({ field, text }: FaultText, label: string | undefined): SafeHtml {
  if (field === '') return html`<li>${text}</li>`
  return html`<li><a href="#field-${field}">${label === undefined ? text : [label, html` – `, text]}</a></li>`
}
