import { setTimeout as pause } from 'node:timers/promises'
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate'
import { Client, DatabaseError } from 'pg'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { loadMigrations } from './load-migrations.ts'
import { describeLockHolders, watchLockHolders, type LockHolder } from './lock-holders.ts'
import { migrationsFolder, migrationsTable, pendingMigrations } from './migrations.ts'
import { asStoreProblem } from './postgres-problem.ts'
import { connectDatabase, type Queries } from './postgres.ts'

export type MigrateOptions = {
  /** Told what was done, and who is in the way, in the operator's language. */
  readonly log?: (line: string) => void
  readonly folder?: string
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout?: number
  /** Milliseconds before each further try of a migration that did not get its locks. */
  readonly pauses?: readonly number[]
}

/**
 * While `alter table` waits for a long query to end, everybody who comes after it waits too, readers as well: so it gives way, well before others give up (10 s),
 * and comes again when those who queued have been served.
 */
const LOCK_TIMEOUT = 3_000
/** About three minutes in all: then somebody has to look. */
const PAUSES = [1, 2, 4, 8, 16, 30, 30, 30, 30].map((seconds) => seconds * 1000)

type Session = {
  readonly client: Client
  readonly pid: number
  /** On another connection: this one waits. */
  readonly queries: Queries
} & Required<MigrateOptions>

/**
 * Brings the database at `url` to the newest schema and returns the names of the migrations that it ran, each in a transaction of its own: when one fails, those
 * before it are done and nothing of it is. Of several processes that do this at once one works and the others wait. Throws `CannotStart` when somebody
 * was in the way all the time.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const { log = () => {}, folder = migrationsFolder, lockTimeout = LOCK_TIMEOUT, pauses = PAUSES } = options
  const client = new Client({ connectionString: url, application_name: 'idaas-migrate', keepAlive: true })
  client.on('error', () => {}) // lost between two statements: the next one says so
  await asStoreProblem(client.connect())
  const database = connectDatabase(url, { max: 1 })
  try {
    const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0
    const session = { client, pid, queries: database, log, folder, lockTimeout, pauses }
    await takeTurn(session)
    const done: string[] = []
    for (const name of await pendingMigrations(database, folder)) {
      await runPatiently(session, name)
      log(commandText('migrate.ran', { name }))
      done.push(name)
    }
    return done
  } finally {
    await Promise.all([client.end(), database.close()])
  }
}

/** Held until the session ends. That of the library, so that versions exclude each other that leave it to take it. */
async function takeTurn({ client, log, ...watch }: Session): Promise<void> {
  const turn = client.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID])
  let isTold = false
  await watchLockHolders(turn, { ...watch, every: 1_000 }, (holders) => {
    if (!isTold) log(commandText('migrate.waiting', { holders: describeLockHolders(holders) }))
    isTold = true
  })
}

async function runPatiently(session: Session, name: string): Promise<void> {
  const { log, lockTimeout, pauses } = session
  for (const next of [...pauses, undefined]) {
    let holders: readonly LockHolder[] = []
    const watch = { ...session, every: lockTimeout / 4 }
    try {
      return await watchLockHolders(run(session, name), watch, (seen) => (holders = seen))
    } catch (error) {
      if (!isInTheWay(error)) throw error
      if (next === undefined) throw new CannotStart(givenUp(name, holders))
      const told = { name, holders: describeLockHolders(holders), seconds: next / 1000 }
      log(commandText('migrate.again', told))
      await pause(next)
    }
  }
}

async function run({ client, folder, lockTimeout }: Session, name: string): Promise<void> {
  try {
    // Each time, since a migration may set it for itself.
    await client.query(`set lock_timeout = ${lockTimeout}`)
    await runner({
      dbClient: client,
      dir: folder,
      file: name,
      direction: 'up',
      migrationsTable,
      migrationLoaderStrategies: [{ extensions: ['.sql'], loader: loadMigrations }],
      singleTransaction: false,
      noLock: true, // we have it
      log: () => {},
    })
  } catch (error) {
    // The library leaves the transaction of a migration that failed open.
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** A lock that did not come in time, or a deadlock that PostgreSQL resolved at our expense. */
function isInTheWay(error: unknown): boolean {
  return error instanceof DatabaseError && ['55P03', '40P01'].includes(error.code ?? '')
}

function givenUp(name: string, holders: readonly LockHolder[]): string {
  const ends = holders.filter(({ pid }) => pid !== 0).map(({ pid }) => `select pg_terminate_backend(${pid});`)
  return [
    commandText('migrate.givenUp', { name, holders: describeLockHolders(holders) }),
    ends.length === 0
      ? commandText('migrate.letEnd')
      : commandText('migrate.end', { statements: ends.join(' ') }),
  ].join('\n')
}
