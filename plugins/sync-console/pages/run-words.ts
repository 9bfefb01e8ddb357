import type { Translate } from '../../../src/messages/message.ts'
import type { ChangeKind, Run, RunCounts } from '../../../src/store/sync-runs.ts'
import { changeKinds } from '../../../src/store/sync-terms.ts'
import type { SafeHtml } from '../../web/html.ts'
import type { IconName } from '../../web/icon.ts'
import { badge, type Tone } from '../../web/notice.ts'
import { path } from '../../web/safe-url.ts'
import { approvable } from '../run-acts.ts'
import { numberText, type Reader } from './reader.ts'

type ShownState = Run['state'] | 'errors'

const looks: Readonly<Record<ShownState, { tone: Tone; sign: IconName }>> = {
  queued: { tone: 'neutral', sign: 'clock' },
  reading: { tone: 'info', sign: 'clock' },
  planned: { tone: 'info', sign: 'search' },
  held: { tone: 'warning', sign: 'stop' },
  approved: { tone: 'info', sign: 'clock' },
  applying: { tone: 'info', sign: 'clock' },
  done: { tone: 'success', sign: 'check' },
  errors: { tone: 'warning', sign: 'alert' },
  incomplete: { tone: 'danger', sign: 'alert' },
  failed: { tone: 'danger', sign: 'alert' },
  cancelled: { tone: 'neutral', sign: 'cross' },
}

/** The state of a run; one that did not do everything it had planned has a state of its own. */
export function runState(t: Translate, { state, counts }: Run): { text: string; badge: SafeHtml } {
  const shown = state === 'done' && counts.failed + counts.conflicts > 0 ? 'errors' : state
  const { tone, sign } = looks[shown]
  const text = t(`sync.state.${shown}`)
  return { text, badge: badge(tone, text, sign) }
}

/** What kind of run it is. */
export function kindText(t: Translate, { kind, preview }: Run): string {
  const text = t(`sync.kind.${kind}`)
  return preview ? t('sync.kind.preview', { kind: text }) : text
}

export function totalOf(counts: Readonly<Record<ChangeKind, number>>): number {
  return changeKinds.reduce((total, kind) => total + counts[kind], 0)
}

/** What it has written; of a plan that waits, what it would write. */
export function figuresOf({ state, counts }: Run): RunCounts['done'] {
  return approvable.includes(state) ? counts.planned : counts.done
}

/** Milliseconds from its start to its end; null before it came to rest. */
export function durationOf({ startedAt, endedAt }: Run): number | null {
  return startedAt === null || endedAt === null ? null : endedAt.getTime() - startedAt.getTime()
}

/** Operations of the plan that have not been tried yet. */
export function leftToDo({ planned, done, failed, conflicts }: RunCounts): number {
  return Math.max(0, totalOf(planned) - totalOf(done) - failed - conflicts)
}

/** `12 created, 3 changed`; a dash for nothing. */
export function changesText({ t, locale }: Reader, counts: Readonly<Record<ChangeKind, number>>): string {
  const parts = changeKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`sync.change.count.${kind}`, { count: counts[kind] }))
  return parts.length === 0 ? numberText(locale, 0) : parts.join(', ')
}

export function runPath(id: string, ...parts: readonly string[]): string {
  return path('sync', 'runs', id, ...parts)
}
