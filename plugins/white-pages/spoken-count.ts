import { html, type SafeHtml } from '../web/html.ts'

/** Where the number of hits is read out by assistive technology: the list itself, read out at each pause in typing, would drown it. */
export const spokenCount: SafeHtml = html`<p id="count" class="visually-hidden" role="status"></p>`

/** The new text for it, beside the hits: htmx puts it in its place. A region that is itself replaced is not read out. */
export function speakCount(text: string): SafeHtml {
  return html`<p id="count" hx-swap-oob="innerHTML">${text}</p>`
}
