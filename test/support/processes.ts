import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Process ids of all that a process has started, their children included. */
export function descendants(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const child = Number(name)
    return Number.isInteger(child) ? [[child, fieldsOf(child)?.parent] as const] : []
  })
  const below = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** Process ids of all that write their output into a folder: what was started by `startServer`, and what that has started. */
export function writingInto(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && outputOf(pid).startsWith(folder))
}

function outputOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/1`)
  } catch {
    return '' // it has ended, or is not ours
  }
}

/** Whether a process runs; one that only waits for its parent to take note of its end does not. */
export function isRunning(pid: number): boolean {
  const state = fieldsOf(pid)?.state
  return state !== undefined && state !== 'Z'
}

/** Whether none of its threads runs after SIGSTOP, which reaches them one by one: until then a server may answer once more. */
export function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.every((thread) => fieldsOf(`${pid}/task/${thread}`)?.state === 'T')
}

/** After the name, which stands in parentheses and may hold any character. */
function fieldsOf(pid: number | string): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
