import { syncSchema } from '../../src/config/sync-schema.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { createSyncFreeze } from '../../src/store/sync-freeze.ts'
import { createSyncJournal, type JournalRow } from '../../src/store/sync-journal.ts'
import { createSyncLeases } from '../../src/store/sync-leases.ts'
import { createSyncRuns, type Run, type RunRequest } from '../../src/store/sync-runs.ts'
import { createSyncState } from '../../src/store/sync-state.ts'
import { executeRun } from '../../sync/run/execute-run.ts'
import type { Sides } from '../../sync/run/open-sides.ts'
import type { SyncServices } from '../../sync/run/sync-services.ts'
import { resolveTasks } from '../../sync/task/resolve-task.ts'
import type { Task } from '../../sync/task/task.ts'
import { testDatabase } from '../support/postgres.ts'

/** The engine on a database of its own, with sides that the test opens. */
export type TestEngine = {
  readonly services: SyncServices
  /** The runs of which others were told. */
  readonly announced: readonly Run[]
  /** Runs a task to wherever it gets. */
  run(task: Task, request?: Partial<RunRequest>): Promise<Run>
  /** Goes on with a run in whatever state it is. */
  goOn(run: Run, task: Task): Promise<Run>
  rows(run: Run): Promise<readonly JournalRow[]>
  findings(run: Run): ReturnType<SyncServices['journal']['findings']>
  close(): Promise<void>
}

export type OpenTestSides = (task: Task) => Promise<Partial<Sides> & Pick<Sides, 'source' | 'destination'>>

export const tenant = 'acme'

type TestParts = { readonly tasks: readonly Task[]; readonly clock: () => Date }

export async function startEngine(
  openTestSides: OpenTestSides,
  { tasks = [], clock = () => new Date() }: Partial<TestParts> = {},
): Promise<TestEngine> {
  const { url } = await testDatabase()
  await migrate(url)
  const database = connectDatabase(url)
  const announced: Run[] = []
  const services = servicesOn(database, { openTestSides, tasks, clock, announced })
  const read = async ({ id }: Run): Promise<Run> => {
    const run = await services.runs.read(tenant, id)
    if (run === null) throw new Error(`run ${id} is gone`)
    return run
  }
  const goOn = async (run: Run, task: Task): Promise<Run> => {
    await executeRun(await read(run), task, services, new AbortController().signal)
    return read(run)
  }
  return {
    services,
    announced,
    goOn,
    async run(task, request = {}) {
      const run = await services.runs.request(
        {
          tenant,
          task: task.name,
          kind: 'full',
          preview: false,
          requestedBy: 'test',
          only: null,
          undoes: null,
          ...request,
        },
        clock(),
      )
      return goOn(run, task)
    },
    rows: ({ id }) =>
      services.journal.next(id, { stage: -1, seq: -1 }, 100_000, [
        'planned',
        'sent',
        'done',
        'failed',
        'conflict',
        'skipped',
      ]),
    findings: ({ id }) => services.journal.findings(id, { limit: 10_000 }),
    close: () => database.close(),
  }
}

/** A task as one writes it in the configuration, with sides that a test opens itself. */
export function taskOf(written: Record<string, unknown>): Task {
  const sides = { source: { directory: 'here' }, destination: { directory: 'here' } }
  const sync = syncSchema.parse({ tasks: [{ name: 'people', ...sides, ...written }] })
  const [task] = resolveTasks({ name: tenant, sync })
  if (task === undefined) throw new Error('no task')
  return task
}

function servicesOn(
  database: Database,
  { openTestSides, tasks, clock, announced }: TestParts & { openTestSides: OpenTestSides; announced: Run[] },
): SyncServices {
  return {
    runs: createSyncRuns(database),
    journal: createSyncJournal(database),
    state: createSyncState(database),
    leases: createSyncLeases(database, 'test'),
    freeze: createSyncFreeze(database),
    sealer: createSealer(['b3'.repeat(16) + '5a'.repeat(15) + '01'].map((key) => key.padEnd(64, '7'))),
    clock,
    async announce(run) {
      announced.push(run)
    },
    async lastAct() {
      return null
    },
    taskNamed: (_, name) => tasks.find((task) => task.name === name),
    async openSides(task) {
      const sides = await openTestSides(task)
      const close = async (): Promise<void> => {
        await Promise.all([sides.source.close(), sides.destination.close(), sides.presence?.close()])
      }
      return { presence: null, accounts: null, accountKind: null, scripts: {}, close, ...sides }
    },
  }
}
