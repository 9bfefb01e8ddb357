import { postForm, submitButton, linkButton } from './form.ts'
import { pageHead } from './data.ts'
import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { notice } from './notice.ts'

export type ConfirmationOptions = {
  title: string
  /** What will be so afterwards, and whether it can be undone. */
  consequence: HtmlValue
  action: string
  csrf: string
  /** Of the button: the act itself (“Disable the account”), never “Yes”. */
  label: string
  /** More to fill in: a reason. */
  content?: HtmlValue
  cancel: { href: string; label: string }
}

/** A page that asks before an act that is hard to undo: a page and no dialog, so that it needs no script and has an address. */
export function confirmation(options: ConfirmationOptions): SafeHtml {
  const { title, consequence, action, csrf, label, content, cancel } = options
  const buttons = html`<div class="acts">
    ${submitButton(label, 'danger')}${linkButton(cancel.href, cancel.label)}
  </div>`
  return html`${pageHead(title)}${notice('warning', consequence)}
  ${postForm({ action, csrf, content: [content, buttons] })}`
}
