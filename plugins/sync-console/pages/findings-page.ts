import type { JournalFinding } from '../../../src/store/sync-journal.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { findingKinds, findingLabel } from '../../../src/store/sync-finding-text.ts'
import { card, dataTable, emptyState, pageHead, pager, type Column } from '../../web/data.ts'
import { selectField, submitButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { findingText } from './finding-text.ts'
import type { Reader } from './reader.ts'
import { runCrumbs } from './run-crumbs.ts'
import { runTabs } from './run-tabs.ts'
import { runPath } from './run-words.ts'

export type FindingsFilter = { kind: string; cursor?: number | undefined }

/** What a run left alone, or could not use, and why. */
export function findingsPage(
  reader: Reader,
  run: Run,
  { kind, cursor }: FindingsFilter,
  { findings, next }: { findings: readonly JournalFinding[]; next: number | null },
): SafeHtml {
  const { t } = reader
  const pages = pager(t, {
    next: next === null ? null : findingsPath(run, { kind, cursor: next }),
    first: cursor === undefined ? null : findingsPath(run, { kind }),
  })
  return html`${runCrumbs(reader, run)}${pageHead(t('sync.findings.title'))}${runTabs(reader, run, 'findings')}
    <search>
      <form class="search-bar" action="${runPath(run.id, 'findings')}">
        ${selectField({ name: 'kind', label: t('sync.findings.kind'), value: kind, choices: choicesOf(reader) })}
        ${submitButton(t('sync.changes.show'))}
      </form>
    </search>
    ${
      findings.length === 0
        ? card(emptyState('check', t('sync.findings.none')))
        : html`<div class="findings">
            ${card(dataTable(t('sync.findings.list'), columnsOf(reader), findings))}
          </div>`
    }${pages}`
}

function choicesOf({ t }: Reader): { value: string; label: string }[] {
  return [
    { value: '', label: t('sync.changes.any') },
    ...findingKinds.map((value) => ({ value, label: findingLabel(t, value) })),
  ]
}

function columnsOf(reader: Reader): Column<JournalFinding>[] {
  const { t } = reader
  return [
    { label: t('sync.findings.subject'), cell: ({ subject }) => subject },
    { label: t('sync.findings.kind'), cell: ({ kind }) => findingLabel(t, kind) },
    { label: t('sync.findings.detail'), cell: (finding) => findingText(reader, finding) },
  ]
}

function findingsPath({ id }: Run, { kind, cursor }: FindingsFilter): string {
  const params = new URLSearchParams({ kind, ...(cursor !== undefined && { cursor: String(cursor) }) })
  return `${runPath(id, 'findings')}?${params.toString()}`
}
