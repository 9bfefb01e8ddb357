import type { Translate } from '../../src/messages/message.ts'
import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { icon, type IconName } from './icon.ts'

/** The head of a page: its one `h1`, a line below it, acts beside it. */
export function pageHead(title: HtmlValue, options: { lead?: HtmlValue; acts?: HtmlValue } = {}): SafeHtml {
  return html`<header class="page-head">
    <div>
      <h1>${title}</h1>
      ${options.lead ? html`<p class="lead">${options.lead}</p>` : null}
    </div>
    ${options.acts ? html`<div class="acts">${options.acts}</div>` : null}
  </header>`
}

/** A surface that holds one subject. */
export function card(content: HtmlValue, options: { title?: HtmlValue } = {}): SafeHtml {
  return html`<section class="card">
    ${options.title ? html`<h2>${options.title}</h2>` : null}${content}
  </section>`
}

/** Terms and what they are. A term whose value is null is left out. */
export function definitions(rows: readonly (readonly [term: string, value: HtmlValue])[]): SafeHtml {
  return html`<dl class="definitions">
    ${rows.map(([term, value]) =>
      value === null || value === undefined || value === ''
        ? null
        : html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`
}

/** Several values of one term, each on a line; null for none. */
export function lines(values: readonly HtmlValue[]): HtmlValue {
  return values.length === 0 ? null : values.map((value) => html`<div>${value}</div>`)
}

export type Column<T> = { label: string; cell: (row: T) => HtmlValue }

/**
 * Rows and columns; the first column names its row. On a phone each row becomes a small card with the labels in it. Roles are written out,
 * because a table that is laid out as blocks is none for assistive technology.
 */
export function dataTable<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): SafeHtml {
  return html`<table class="data" role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(({ label }) => html`<th role="columnheader" scope="col">${label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${columns.map((column, index) => cell(column, row, index === 0))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function cell<T>({ label, cell: content }: Column<T>, row: T, isHead: boolean): SafeHtml {
  return isHead
    ? html`<th role="rowheader" scope="row">${content(row)}</th>`
    : html`<td role="cell" data-label="${label}">${content(row)}</td>`
}

/** Ways to the next part of a list and back to its start. Cursors only go forward. */
export function pager(t: Translate, options: { next: string | null; first: string | null }): SafeHtml | null {
  const { next, first } = options
  if (next === null && first === null) return null
  return html`<nav class="pager" aria-label="${t('web.pages')}">
    ${first === null ? null : html`<a class="button quiet" href="${first}">${t('web.firstPage')}</a>`}
    ${next === null ? null : html`<a class="button quiet" href="${next}" rel="next">${t('web.nextPage')}</a>`}
  </nav>`
}

/** There is nothing to list: says why, and what to do next. */
export function emptyState(sign: IconName, title: string, advice: HtmlValue = null): SafeHtml {
  return html`<div class="empty">
    ${icon(sign)}
    <p><strong>${title}</strong></p>
    ${advice ? html`<p>${advice}</p>` : null}
  </div>`
}
