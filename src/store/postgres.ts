import { Pool, type ClientBase, type QueryResult } from 'pg'
import type { z } from 'zod'
import { Problem } from '../problems/problem.ts'
import { againAfterConflict } from './again-after-conflict.ts'
import { asStoreProblem } from './postgres-problem.ts'

/** What a query may be given; pg turns each into PostgreSQL's form. */
export type SqlValue = string | number | bigint | boolean | Date | Buffer | null | readonly SqlValue[]

/** Where queries go: the pool, or one transaction. */
export interface Queries {
  /**
   * Runs one statement and returns its rows, each checked by `row`. With `name` it is prepared once per connection: for statements
   * that run often. Throws Problem `store-unavailable` when PostgreSQL cannot be reached or does not answer in time.
   */
  query<Row>(row: z.ZodType<Row>, text: string, values?: readonly SqlValue[], name?: string): Promise<Row[]>
  /** Runs one statement that returns nothing; tells how many rows it changed. */
  execute(text: string, values?: readonly SqlValue[], name?: string): Promise<number>
}

export interface Database extends Queries {
  /** For libraries that bring their own connections. */
  readonly url: string
  /**
   * Commits what `act` did when it resolves, undoes all of it when it throws. `act` may be run again, from its beginning, when PostgreSQL has undone it to resolve a
   * deadlock: it does nothing outside of the database, and reads there what it goes by.
   */
  transaction<T>(act: (queries: Queries) => Promise<T>): Promise<T>
  /** All that `act` reads is of one moment; it writes nothing. It may be run again too. */
  snapshot<T>(act: (queries: Queries) => Promise<T>): Promise<T>
  ping(): Promise<void>
  close(): Promise<void>
}

export type DatabaseOptions = {
  /** Connections at most. */
  max?: number
  /** Milliseconds until a connection is there, a statement has answered. */
  connectTimeout?: number
  statementTimeout?: number
  /** Told of connections that broke while nobody used them. */
  onError?: (error: Error) => void
}

/** Opens a pool; it connects when it is first used and again after every loss, so PostgreSQL may start later or restart. */
export function connectDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 10, connectTimeout = 2_000, statementTimeout = 10_000, onError = () => {} } = options
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: 'idaas',
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: statementTimeout,
    // PostgreSQL itself may hang or be gone without a word: then its own timeout never comes.
    query_timeout: statementTimeout + 1_000,
    keepAlive: true,
  })
  pool.on('error', onError)
  // PostgreSQL may say goodbye in the very packet in which it says that it is ready, before whoever waits for the connection can listen to it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    url,
    // Each is a transaction of its own.
    ...queriesOn((statement) => againAfterConflict(() => pool.query(statement))),
    transaction: (act) => againAfterConflict(() => transaction(pool, 'begin', act)),
    snapshot: (act) => againAfterConflict(() => transaction(pool, snapshot, act)),
    async ping() {
      await asStoreProblem(pool.query('select 1'))
    },
    close: () => pool.end(),
  }
}

const snapshot = 'begin isolation level repeatable read, read only'

type Statement = { text: string; values: unknown[]; name?: string }

function queriesOn(run: (statement: Statement) => Promise<QueryResult<Record<string, unknown>>>): Queries {
  const send = (text: string, values: readonly SqlValue[], name?: string) =>
    asStoreProblem(run({ text, values: [...values], ...(name === undefined ? {} : { name }) }))
  return {
    async query(row, text, values = [], name) {
      const result = await send(text, values, name)
      return result.rows.map((columns) => row.parse(columns))
    },
    async execute(text, values = [], name) {
      const result = await send(text, values, name)
      return result.rowCount ?? 0
    },
  }
}

async function transaction<T>(pool: Pool, begin: string, act: (queries: Queries) => Promise<T>): Promise<T> {
  const client = await asStoreProblem(pool.connect())
  let broken: Error | undefined
  // The pool does not listen to a connection that is out; without this, its loss between two statements would end the process.
  const onLost = (error: Error): void => {
    broken = error
  }
  client.on('error', onLost)
  try {
    await asStoreProblem(client.query(begin))
    const result = await act(queriesOn((statement) => client.query(statement)))
    await asStoreProblem(client.query('commit'))
    return result
  } catch (error) {
    // Closing the connection also undoes, and does not wait for a server that hangs.
    broken ??= error instanceof Problem ? error : await undo(client)
    throw error
  } finally {
    client.off('error', onLost)
    client.release(broken)
  }
}

/** Returns the error when not even that works: the connection must then not go back to the pool. */
async function undo(client: ClientBase): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
