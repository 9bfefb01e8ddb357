import type { JournalFinding } from '../../../src/store/sync-journal.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import type { ShownChange } from '../describe-change.ts'
import { changeCard } from './change-card.ts'
import { findingText } from './finding-text.ts'
import type { Reader } from './reader.ts'
import { active } from '../run-acts.ts'

export type ExplainedEntry = {
  changes: readonly ShownChange[]
  findings: readonly JournalFinding[]
  /** Of the task, in order of priority. */
  pivots: readonly string[]
}

/** What becomes of one entry: by what it was matched, what changes and why, what is left as it is. */
export function explainedEntry(
  reader: Reader,
  run: Run,
  { changes, findings, pivots }: ExplainedEntry,
): SafeHtml | null {
  const { t } = reader
  if (active.includes(run.state) || (changes.length === 0 && findings.length === 0)) return null
  return html`<section class="explained" aria-labelledby="explained">
    <h2 id="explained">${t('sync.run.explained')}</h2>
    ${changes.slice(0, 1).map((change) => html`<p>${matchText(reader, change, pivots)}</p>`)}
    ${findings.map((finding) =>
      notice(
        finding.kind === 'kept' ? 'info' : 'warning',
        html`<p><strong>${finding.subject}</strong></p>
          <p>${findingText(reader, finding)}</p>`,
      ),
    )}
    ${changes.map((change) => changeCard(reader, change))}
  </section>`
}

function matchText({ t }: Reader, { kind, name }: ShownChange, tried: readonly string[]): string {
  const pivots = tried.join(', ')
  return t(kind === 'create' ? 'sync.match.none' : 'sync.match.found', { count: tried.length, pivots, name })
}
