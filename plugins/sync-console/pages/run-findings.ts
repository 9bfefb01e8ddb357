import type { Run } from '../../../src/store/sync-runs.ts'
import { findingLabel } from '../../../src/store/sync-finding-text.ts'
import { card } from '../../web/data.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { numberText, type Reader } from './reader.ts'
import { runPath } from './run-words.ts'

/** What a run left alone or could not use, by kind; nothing when there is nothing. */
export function findingsCard({ t, locale }: Reader, { id, counts }: Run): SafeHtml | null {
  const kinds = Object.entries(counts.findings).filter(([, count]) => count > 0)
  if (kinds.length === 0) return null
  return card(
    html`<ul class="list">
      ${kinds.map(
        ([kind, count]) =>
          html`<li>
            <div class="main">
              <a href="${runPath(id, 'findings')}?${new URLSearchParams({ kind }).toString()}"
                >${findingLabel(t, kind)}</a
              >
            </div>
            ${numberText(locale, count)}
          </li>`,
      )}
    </ul>`,
    { title: t('sync.findings.title') },
  )
}
