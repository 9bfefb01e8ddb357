import type { Translate } from '../../../src/messages/message.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { path } from '../../web/safe-url.ts'

export type Crumb = { readonly label: string; readonly href: string }

/** Where the page is; the page itself is its heading. */
export function crumbs(t: Translate, ...further: readonly Crumb[]): SafeHtml {
  const all: readonly Crumb[] = [{ label: t('sync.title'), href: '/sync' }, ...further]
  return html`<nav class="crumbs" aria-label="${t('sync.path')}">
    <ol>
      ${all.map(({ label, href }) => html`<li><a href="${href}">${label}</a></li>`)}
    </ol>
  </nav>`
}

export function taskCrumb(task: string): Crumb {
  return { label: task, href: path('sync', 'tasks', task) }
}
