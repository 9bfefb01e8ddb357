import type { Frozen } from '../../../src/store/sync-freeze.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { pageHead } from '../../web/data.ts'
import { linkButton } from '../../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../../web/html.ts'
import { momentText } from '../../web/time.ts'
import { active, approvable, cancellable, isUndoable } from '../run-acts.ts'
import { crumbs, taskCrumb } from './crumbs.ts'
import { explainedEntry, type ExplainedEntry } from './explained-entry.ts'
import { live } from './live.ts'
import type { Reader } from './reader.ts'
import { countsCard } from './run-counts.ts'
import { factsCard } from './run-facts.ts'
import { findingsCard } from './run-findings.ts'
import { noticesOf } from './run-notices.ts'
import { progressCard } from './run-progress.ts'
import { kindText, leftToDo, runPath, runState } from './run-words.ts'

export type RunView = {
  run: Run
  frozen: Frozen | null
  /** Records that the source had in the last whole run: how far the reading is. */
  expected: number | null
  /** Of a run of one entry: all that becomes of it. */
  entry: ExplainedEntry | null
}

/** One run: how far it is, what holds it, what it comes to, what can be done about it. */
export function runPage(reader: Reader, view: RunView): SafeHtml {
  const { t } = reader
  return html`${crumbs(t, taskCrumb(view.run.task))}${runPart(reader, view)}`
}

/** The part that is shown anew while somebody works on it. */
export function runPart(reader: Reader, view: RunView): SafeHtml {
  const { t, locale } = reader
  const { run, frozen, expected, entry } = view
  const isActive = active.includes(run.state)
  const { badge, text } = runState(t, run)
  const content = html`${pageHead(t('sync.run.title', { task: run.task }), {
      lead: html`${kindText(t, run)} · ${momentText(locale, run.requestedAt)}`,
      acts: actsOf(reader, run, frozen),
    })}
    <p class="run-state">
      ${badge}<span class="visually-hidden" role="status">${t('sync.run.now', { state: text })}</span>
    </p>
    ${isActive ? progressCard(reader, run, expected) : null}${noticesOf(reader, run, frozen)}
    ${entry === null ? null : explainedEntry(reader, run, entry)}
    <div class="columns">
      <div>${countsCard(reader, run)}${findingsCard(reader, run)}</div>
      <div>${factsCard(reader, run)}</div>
    </div>`
  return live({ id: 'run', url: runPath(run.id), seconds: isActive ? 1 : null, content })
}

function actsOf({ t, mayRun }: Reader, run: Run, frozen: Frozen | null): HtmlValue {
  if (!mayRun) return null
  const { id, state, counts } = run
  const at = (act: string): string => runPath(id, act)
  const isApprovable = approvable.includes(state) && frozen === null && leftToDo(counts) > 0
  return [
    isApprovable ? linkButton(at('approve'), t('sync.approve'), 'primary') : null,
    cancellable.includes(state) ? linkButton(at('cancel'), t('sync.cancel')) : null,
    isUndoable(run) ? linkButton(at('undo'), t('sync.undo')) : null,
  ]
}
