import { commandText as t } from '../../src/messages/command-text.ts'
import { isMessageKey } from '../../src/messages/message.ts'
import { byText } from '../../src/store/by-text.ts'
import type { GuardFinding, Run } from '../../src/store/sync-runs.ts'
import { changeKinds } from '../../src/store/sync-terms.ts'
import { minuteOf } from './minute-of.ts'

/** What became of a run, in a few lines. `dated`: with when it began and who asked for it; `runner`: who runs its task now. */
export function summaryOf(
  run: Run,
  { dated = false, runner = null }: { dated?: boolean; runner?: string | null } = {},
): string {
  const { counts, guards, failure, undoes, undoneBy } = run
  const { source, destination } = counts
  const lines = [
    undoes === null
      ? t('sync.command.sides', { source, destination })
      : t('sync.command.takesBack', { run: undoes }),
    changesOf(run),
    ...findingsOf(run),
    ...guards.map((finding) => guardLine(run, finding)),
    ...whatToDo(run, runner),
    ...(undoneBy === null ? [] : [t('sync.command.takenBack', { run: undoneBy })]),
    ...(failure === null ? [] : [failureLine(failure)]),
  ]
  return [headOf(run, dated), ...lines.map((line) => `  ${line}`)].join('\n')
}

function headOf({ task, state, id, requestedAt, requestedBy }: Run, dated: boolean): string {
  const head = { task, state: t(`sync.command.state.${state}`), id }
  if (!dated) return t('sync.command.head', head)
  return t('sync.command.headDated', { ...head, at: minuteOf(requestedAt), by: byText(t, requestedBy) })
}

function changesOf({ state, counts }: Run): string {
  const kinds = changeKinds.filter((kind) => counts.planned[kind] > 0)
  const changes = kinds.map((kind) => {
    const [count, done] = [counts.planned[kind], counts.done[kind]]
    return state === 'planned'
      ? t(`sync.command.planned.${kind}`, { count })
      : t(`sync.command.written.${kind}`, { done, count })
  })
  return [
    ...(changes.length === 0 ? [t('sync.command.nothing')] : changes),
    ...(counts.failed === 0 ? [] : [t('sync.command.failed', { count: counts.failed })]),
    ...(counts.conflicts === 0 ? [] : [t('sync.command.conflicts', { count: counts.conflicts })]),
  ].join(', ')
}

function findingsOf({ id, counts }: Run): string[] {
  const findings = Object.entries(counts.findings).map(([kind, count]) => {
    const key = `sync.command.finding.${kind}`
    return t(isMessageKey(key) ? key : 'sync.command.finding.other', { count })
  })
  return findings.length === 0 ? [] : [t('sync.command.findings', { findings: findings.join(', '), id })]
}

function guardLine({ state }: Run, { guard, count, limit }: GuardFinding): string {
  const why = t(`sync.guard.${guard}`, { count, limit })
  return t(state === 'held' || state === 'planned' ? 'sync.command.held' : 'sync.command.wasHeld', { why })
}

function whatToDo({ id, state, guards, failure }: Run, runner: string | null): string[] {
  if (state === 'applying')
    return [runner === null ? t('sync.command.stopped', { id }) : t('sync.command.underWay', { runner, id })]
  if (state !== 'held') return []
  const isFrozen = failure?.code === 'frozen' || guards.some(({ guard }) => guard === 'frozen')
  return [
    ...(guards.length === 0 ? [] : [t('sync.command.look', { id })]),
    ...(isFrozen ? [t('sync.command.thawFirst', { id })] : []),
  ]
}

function failureLine({ code, detail }: { code: string; detail: string }): string {
  const key = `sync.failure.${code}`
  const text = [isMessageKey(key) ? t(key) : '', detail].filter((part) => part !== '').join(' ')
  return text === '' ? code : t('command.labelled', { label: code, text })
}
