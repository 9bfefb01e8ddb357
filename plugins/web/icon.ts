import { html, type SafeHtml } from './html.ts'

const icons = {
  search: draw(html`<circle cx="11" cy="11" r="7" /><path d="m20 20-4-4" />`),
  check: draw(html`<path d="m5 12.5 4.5 4.5L19 7.5" />`),
  cross: draw(html`<path d="m6.5 6.5 11 11M17.5 6.5l-11 11" />`),
  dot: draw(html`<circle cx="12" cy="12" r="2.5" />`),
  alert: draw(html`<path d="M12 4 2.5 20h19z" /><path d="M12 10v4.5M12 17.2v.3" />`),
  info: draw(html`<circle cx="12" cy="12" r="9" /><path d="M12 11v5.5M12 7.5v.3" />`),
  lock: draw(html`<rect x="5" y="11" width="14" height="9" rx="2" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`),
  stop: draw(html`<circle cx="12" cy="12" r="9" /><path d="m6 6 12 12" />`),
  clock: draw(html`<circle cx="12" cy="12" r="9" /><path d="M12 7v5.5l3.5 2" />`),
  person: draw(html`<circle cx="12" cy="8" r="4" /><path d="M4 20.5c1-4 4.2-5.5 8-5.5s7 1.5 8 5.5" />`),
  people: draw(
    html`<circle cx="9" cy="8.5" r="3.5" />
      <path
        d="M2.5 20c.7-3.8 3.3-5 6.5-5s5.8 1.2 6.5 5M16 5.5a3.5 3.5 0 0 1 0 6M18 15.5c2 .6 3 2 3.5 4.5"
      />`,
  ),
  mail: draw(html`<rect x="3" y="5" width="18" height="14" rx="2" /><path d="m4 7.5 8 5.5 8-5.5" />`),
  phone: draw(
    html`<path
      d="M6 3h3l1.5 5-2 1.5a12 12 0 0 0 6 6l1.5-2 5 1.5v3a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z"
    />`,
  ),
  key: draw(html`<circle cx="8" cy="15" r="4.5" /><path d="m11.5 11.5 8-8M16 7l3 3M13.5 9.5l2 2" />`),
  grid: draw(
    html`<rect x="4" y="4" width="6.5" height="6.5" rx="1.5" /><rect
        x="13.5"
        y="4"
        width="6.5"
        height="6.5"
        rx="1.5"
      />
      <rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5" /><rect
        x="13.5"
        y="13.5"
        width="6.5"
        height="6.5"
        rx="1.5"
      />`,
  ),
  next: draw(html`<path d="m9 5 7 7-7 7" />`),
  down: draw(html`<path d="m6 9 6 6 6-6" />`),
  external: draw(
    html`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" />`,
  ),
} satisfies Record<string, SafeHtml>

export type IconName = keyof typeof icons

/** A drawing beside a text that says the same: hidden from assistive technology, in the colour of the text. */
export function icon(name: IconName): SafeHtml {
  return icons[name]
}

function draw(shape: SafeHtml): SafeHtml {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`
}
