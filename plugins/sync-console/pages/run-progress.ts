import type { Run } from '../../../src/store/sync-runs.ts'
import { card } from '../../web/data.ts'
import { linkButton } from '../../web/form.ts'
import { html, type SafeHtml } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import { timeText } from '../../web/time.ts'
import type { Reader } from './reader.ts'
import { leftToDo, runPath, totalOf } from './run-words.ts'

/** A runner tells of itself twice a second. */
const SILENT_MS = 60_000

/** How far a run is that somebody works on, or soon will. */
export function progressCard(reader: Reader, run: Run, expected: number | null): SafeHtml {
  const { t } = reader
  return card(
    html`<p id="progress-text">${textOf(reader, run)}</p>
      ${barOf(run, expected)}${silence(reader, run)}
      <p class="hint">${linkButton(runPath(run.id), t('sync.run.reload'))}</p>`,
    { title: t('sync.run.progress') },
  )
}

function textOf({ t }: Reader, { state, counts }: Run): string {
  const planned = totalOf(counts.planned)
  if (state === 'queued' || state === 'approved') return t(`sync.run.${state}`)
  if (state === 'reading') return t('sync.run.reading', { source: counts.source })
  return t('sync.run.applying', { planned, done: planned - leftToDo(counts) })
}

function barOf({ state, counts }: Run, expected: number | null): SafeHtml | null {
  const planned = totalOf(counts.planned)
  if (state === 'applying') return bar(planned - leftToDo(counts), planned)
  return state === 'reading' && expected !== null ? bar(counts.source, expected) : null
}

function bar(value: number, most: number): SafeHtml | null {
  if (most === 0) return null
  return html`<progress
    aria-labelledby="progress-text"
    value="${Math.min(value, most)}"
    max="${most}"
  ></progress>`
}

function silence({ t, locale, now }: Reader, { state, heartbeatAt }: Run): SafeHtml | null {
  const isWorkedOn = state === 'reading' || state === 'applying'
  if (!isWorkedOn || heartbeatAt === null || now.getTime() - heartbeatAt.getTime() < SILENT_MS) return null
  return notice('warning', html`<p>${t('sync.run.silent', { time: timeText(locale, heartbeatAt) })}</p>`)
}
