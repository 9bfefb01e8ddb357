import type { Translate } from '../../../src/messages/message.ts'
import { card, pageHead } from '../../web/data.ts'
import { errorSummary } from '../../web/error-summary.ts'
import { linkButton, postForm, submitButton, type ButtonTone, type FaultText } from '../../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import { notice, type Tone } from '../../web/notice.ts'

export type Question = {
  title: string
  /** What will be so afterwards. */
  consequence: HtmlValue
  tone?: Tone
  /** Where the form goes, and what its button does. */
  action: string
  label: string
  button?: ButtonTone
  content?: HtmlValue
  back: string
}

/** Asks before an act, on a page of its own: it says what will be so, and shows what was wrong with the answer. */
export function askPage(
  t: Translate,
  question: Question,
  {
    csrf,
    faults,
    labels = {},
  }: { csrf: string; faults: readonly FaultText[]; labels?: Readonly<Record<string, string>> },
): SafeHtml {
  const { title, consequence, tone = 'warning', action, label, button = 'danger', content, back } = question
  const form = html`${content}
    <div class="acts">${submitButton(label, button)}${linkButton(back, t('sync.back'))}</div>`
  return html`${pageHead(title)}${errorSummary(t, faults, labels)}${notice(tone, consequence)}
  ${card(postForm({ action, csrf, content: form }))}`
}
