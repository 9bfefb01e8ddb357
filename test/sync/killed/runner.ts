import { runWithLease } from '../../../sync/run/run-with-lease.ts'
import { openInstallation } from '../installation.ts'

/** Goes on with a run in a process of its own, to be killed: `node runner.ts CONFIG RUN`. Says `begun` once it has the lease's turn. */

/** Seconds: a killed runner does not keep the next one waiting for longer. */
const LEASE = 1

const [path = '', id = ''] = process.argv.slice(2)
const { engine, close } = await openInstallation(path)
const { services } = engine
const run = await services.runs.read('acme', id)
const task = engine.tasks('acme').find(({ name }) => name === run?.task)
if (run === null || task === undefined) throw new Error(`no run ${id}`)
process.stdout.write('begun\n')
const { signal } = new AbortController()
while ((await runWithLease(run, task, services, signal, LEASE)) === null)
  await new Promise((resolve) => setTimeout(resolve, 20))
await close()
