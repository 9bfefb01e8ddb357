import type { JournalState } from '../../../src/store/sync-journal.ts'
import type { ChangeKind, Run } from '../../../src/store/sync-runs.ts'
import { changeKinds, changeStates } from '../../../src/store/sync-terms.ts'
import { card, emptyState, pageHead, pager } from '../../web/data.ts'
import { field, selectField, submitButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import type { ShownChange } from '../describe-change.ts'
import { changeCard } from './change-card.ts'
import type { Reader } from './reader.ts'
import { runCrumbs } from './run-crumbs.ts'
import { runTabs } from './run-tabs.ts'
import { runPath } from './run-words.ts'

/** The filter as its form sends it. */
export type ChangesFilter = {
  kind: ChangeKind | ''
  state: JournalState | ''
  q: string
  attribute: string
  cursor?: number | undefined
}

/** What a run changes, or would change, entry by entry. */
export function changesPage(
  reader: Reader,
  run: Run,
  filter: ChangesFilter,
  { changes, next }: { changes: readonly ShownChange[]; next: number | null },
): SafeHtml {
  const { t } = reader
  const pages = pager(t, {
    next: next === null ? null : changesPath(run, { ...filter, cursor: next }),
    first: filter.cursor === undefined ? null : changesPath(run, { ...filter, cursor: undefined }),
  })
  return html`${runCrumbs(reader, run)}${pageHead(t('sync.changes.title'))}${runTabs(reader, run, 'changes')}
  ${filterForm(reader, run, filter)}
  ${
    changes.length === 0
      ? card(emptyState('search', t('sync.changes.none'), t('sync.changes.noneAdvice')))
      : html`<h2 class="visually-hidden">${t('sync.changes.list')}</h2>
          ${changes.map((change) => changeCard(reader, change))}`
  }${pages}`
}

function filterForm({ t }: Reader, { id }: Run, { kind, state, q, attribute }: ChangesFilter): SafeHtml {
  const any = { value: '', label: t('sync.changes.any') }
  return html`<search>
    <form class="search-bar filter" action="${runPath(id, 'changes')}">
      ${selectField({
        name: 'kind',
        label: t('sync.changes.kind'),
        value: kind,
        choices: [any, ...changeKinds.map((value) => ({ value, label: t(`sync.change.${value}`) }))],
      })}
      ${selectField({
        name: 'state',
        label: t('sync.changes.state'),
        value: state,
        choices: [any, ...changeStates.map((value) => ({ value, label: t(`sync.row.${value}`) }))],
      })}
      ${field({ name: 'q', label: t('sync.changes.name'), value: q })}
      ${field({ name: 'attribute', label: t('sync.changes.attribute'), value: attribute })}
      ${submitButton(t('sync.changes.show'))}
    </form>
  </search>`
}

function changesPath({ id }: Run, filter: ChangesFilter): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value !== '') params.set(name, String(value))
  return params.size === 0 ? runPath(id, 'changes') : `${runPath(id, 'changes')}?${params.toString()}`
}
