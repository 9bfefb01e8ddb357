import type { Run } from '../../../src/store/sync-runs.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { numberText, type Reader } from './reader.ts'
import { runPath, totalOf } from './run-words.ts'

/** Between what a run changes and what it left alone. */
export function runTabs(
  { t, locale }: Reader,
  { id, counts }: Run,
  current: 'changes' | 'findings',
): SafeHtml {
  const figures = {
    changes: totalOf(counts.planned),
    findings: Object.values(counts.findings).reduce((total, count) => total + count, 0),
  }
  const tabs = (['changes', 'findings'] as const).map((tab) => {
    const mark = tab === current ? html`aria-current="page"` : null
    return html`<a href="${runPath(id, tab)}" ${mark}
      >${t(`sync.${tab}.title`)} (${numberText(locale, figures[tab])})</a
    >`
  })
  return html`<nav class="tabs" aria-label="${t('sync.run.parts')}">${tabs}</nav>`
}
