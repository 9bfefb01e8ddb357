import type { ChangeKind, Run } from '../../../src/store/sync-runs.ts'
import { changeKinds } from '../../../src/store/sync-terms.ts'
import { card, dataTable, definitions, type Column } from '../../web/data.ts'
import { linkButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { numberText, type Reader } from './reader.ts'
import { runPath, totalOf } from './run-words.ts'

/** What a run comes to, by kind of change. */
export function countsCard(reader: Reader, { id, counts, kind: kindOfRun }: Run): SafeHtml {
  const { t, locale } = reader
  const number = (count: number): string => numberText(locale, count)
  const some = (count: number): string | null => (count === 0 ? null : number(count))
  const kinds = changeKinds.filter((kind) => counts.planned[kind] > 0 || counts.done[kind] > 0)
  const compared: [string, string][] = [
    [t('sync.run.unchanged'), number(counts.unchanged)],
    [t('sync.run.source'), number(counts.source)],
    [t('sync.run.destination'), number(counts.destination)],
  ]
  const columns: Column<ChangeKind>[] = [
    {
      label: t('sync.run.change'),
      cell: (kind) => html`<a href="${runPath(id, 'changes')}?kind=${kind}">${t(`sync.change.${kind}`)}</a>`,
    },
    { label: t('sync.run.plannedCount'), cell: (kind) => number(counts.planned[kind]) },
    { label: t('sync.run.doneCount'), cell: (kind) => number(counts.done[kind]) },
  ]
  const total = totalOf(counts.planned)
  const table =
    kinds.length === 0
      ? null
      : html`<div class="counts">${dataTable(t('sync.run.counts'), columns, kinds)}</div>
          <p>${linkButton(runPath(id, 'changes'), t('sync.run.showChanges', { count: total }))}</p>`
  return card(
    html`${table}${definitions([
      [t('sync.run.failedCount'), some(counts.failed)],
      [t('sync.run.conflictCount'), some(counts.conflicts)],
      ...(kindOfRun === 'undo' ? [] : compared),
    ])}`,
    { title: t('sync.changes.title') },
  )
}
