import { isMessageKey, translator } from '../../src/messages/message.ts'
import type { GuardFinding, Run } from '../../src/store/sync-runs.ts'

/** What became of a run, in a few lines. `dated`: with when it began and who asked for it; `runner`: who runs its task now. */
export function summaryOf(
  run: Run,
  { dated = false, runner = null }: { dated?: boolean; runner?: string | null } = {},
): string {
  const { task, id, state, counts, guards, failure, undoes, undoneBy } = run
  const kinds = Object.entries(counts.planned).filter(([, count]) => count > 0)
  const changes =
    kinds
      .map(([kind, count]) =>
        state === 'planned' ? `${count} ${kind}` : `${doneOf(run, kind)} of ${count} ${kind}`,
      )
      .join(', ') || 'nothing to change'
  const findings = Object.entries(counts.findings).map(([kind, count]) => `${count} ${kind}`)
  const lines = [
    `${task}: ${state} (run ${id}${dated ? `, ${momentOf(run)}, ${run.requestedBy}` : ''})`,
    undoes === null
      ? `  ${counts.source} of the source, ${counts.destination} of the destination`
      : `  takes back ${undoes}`,
    `  ${changes}${counts.failed > 0 ? `, ${counts.failed} failed` : ''}${counts.conflicts > 0 ? `, ${counts.conflicts} changed meanwhile` : ''}`,
    ...(findings.length > 0
      ? [`  set aside or told: ${findings.join(', ')}; see idaas sync show ${id}`]
      : []),
    ...guards.map(
      (finding) =>
        `  ${state === 'held' || state === 'planned' ? 'held' : 'was held'}: ${guardText(finding)}`,
    ),
    ...(guards.length > 0 && state === 'held'
      ? [`  look at it: idaas sync show ${id}; then idaas sync approve ${id}`]
      : []),
    ...(state === 'held' && failure?.code === 'frozen'
      ? [`  idaas sync thaw lets runs write again; then idaas sync approve ${id}`]
      : []),
    ...(state === 'applying' ? [`  ${whereItStands(id, runner)}`] : []),
    ...(undoneBy === null ? [] : [`  taken back by ${undoneBy}`]),
    ...(failure === null ? [] : [`  ${failureText(failure)}`]),
  ]
  return lines.join('\n')
}

function whereItStands(id: string, runner: string | null): string {
  return runner === null
    ? `stopped: the next run of the task goes on with it; idaas sync cancel ${id} gives it up`
    : `under way on ${runner}; idaas sync cancel ${id} stops it`
}

function failureText({ code, detail }: { code: string; detail: string }): string {
  const key = `sync.failure.${code}`
  return [`${code}:`, isMessageKey(key) ? translator('en')(key) : '', detail]
    .filter((part) => part !== '')
    .join(' ')
}

/** `2026-11-25 02:15 UTC` */
function momentOf({ requestedAt }: Run): string {
  return `${requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function guardText({ guard, count, limit }: GuardFinding): string {
  switch (guard) {
    case 'deletes':
      return `${count} entries would be removed, ${limit} may be without approval`
    case 'changes':
      return `${count} entries would be changed, ${limit} may be without approval`
    case 'empty-source':
      return 'the source has no entries'
    case 'empty-destination':
      return 'the destination has no entries'
    case 'shrunk':
      return `the source has ${count} entries, at least ${limit} were expected after the last run`
    case 'frozen':
      return 'the tenant is frozen: idaas sync thaw'
  }
}

function doneOf({ counts }: Run, kind: string): number {
  return Object.entries(counts.done).find(([name]) => name === kind)?.[1] ?? 0
}
