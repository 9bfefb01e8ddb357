import { html, type SafeHtml } from './html.ts'
import { mailUrl, phoneUrl } from './safe-url.ts'

/** A phone number to call; as plain text when it has no number in it. */
export function phoneLink(number: string): SafeHtml | string {
  const url = phoneUrl(number)
  return url === null ? number : html`<a href="${url}">${number}</a>`
}

/** A mail address to write to. */
export function mailLink(address: string): SafeHtml {
  return html`<a href="${mailUrl(address)}">${address}</a>`
}
