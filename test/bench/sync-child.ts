import type { Run } from '../../src/store/sync-runs.ts'
import { openInstallation } from '../sync/installation.ts'

/** Runs of one task in a process of their own, one after the other: `node sync-child.ts CONFIG TASK TIMES`. */
export type ChildResult = {
  /** Of each run as a whole: sides opened, both read, the plan, the guard, what was applied. */
  readonly milliseconds: readonly number[]
  /** CPU of this process in each run, in milliseconds: what does not depend on who else is on the machine. */
  readonly cpu: readonly number[]
  /** Of this process, in MB. */
  readonly peak: number
  readonly run: Pick<Run, 'state' | 'counts' | 'failure' | 'guards'>
}

const [path = '', task = '', times = '1'] = process.argv.slice(2)
const { engine, close } = await openInstallation(path)
const milliseconds: number[] = []
const cpu: number[] = []
let last: Run | null = null
for (let index = 0; index < Number(times); index++) {
  const asked = { kind: 'full', preview: false, requestedBy: 'bench', only: null, undoes: null } as const
  const begin = performance.now()
  const used = process.cpuUsage()
  const run = await engine.request({ tenant: 'acme', task, ...asked })
  last = await engine.execute(run, new AbortController().signal)
  milliseconds.push(performance.now() - begin)
  const { user, system } = process.cpuUsage(used)
  cpu.push((user + system) / 1_000)
}
if (last === null) throw new Error('another runs the task')
const { state, counts, failure, guards } = last
const result: ChildResult = {
  milliseconds,
  cpu,
  peak: process.resourceUsage().maxRSS / 1024,
  run: { state, counts, failure, guards },
}
process.stdout.write(JSON.stringify(result))
await close()
