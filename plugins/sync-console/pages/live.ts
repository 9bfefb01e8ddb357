import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'

export type LiveOptions = {
  id: string
  /** Gives this part alone to htmx. */
  url: string
  /** Until the next look; null: there is nothing to wait for. */
  seconds: number | null
  content: HtmlValue
}

/**
 * A part of a page that asks for itself again every few seconds, until it comes back without a wait. What has not changed stays in place (morph), so that the
 * focus stays where it is and only a new state is read out. Without JavaScript one loads the page again.
 */
export function live({ id, url, seconds, content }: LiveOptions): SafeHtml {
  const again =
    seconds === null
      ? null
      : html`<div
          id="${id}-again"
          hx-get="${url}"
          hx-trigger="every ${seconds}s"
          hx-target="#${id}"
          hx-swap="outerMorph"
        ></div>`
  return html`<div id="${id}">${content}${again}</div>`
}
