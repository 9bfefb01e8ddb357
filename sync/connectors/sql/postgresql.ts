import { type FieldDef, Pool, type PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import { postgresqlFailure } from './postgresql-failure.ts'
import { cellsOf, type KnownTypes, type Raw, readTypes } from './postgresql-values.ts'
import type { SqlAddress } from './sql-address.ts'
import type { Parameter, Rows, SessionOptions, SqlDialect, SqlSession } from './sql-session.ts'

export const postgresql: SqlDialect = {
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  quotedName: /^"(?:[^"]|"")+"$/,
  parameter: (index) => `$${index}`,
  among({ name, type, isArray }, first, values) {
    const column = postgresql.quote(name)
    const cast = type === 'other' ? '::text' : ''
    return isArray
      ? { sql: `${column}${cast && '::text[]'} && $${first}${cast && '::text[]'}`, values: [values] }
      : { sql: `${column}${cast} = any($${first}${cast && '::text[]'})`, values: [values] }
  },
  amongAtMost: 10_000,
  asText: (expression) => `(${expression})::text`,
  arrays: {
    // What is there already is not there twice: values of an attribute are a set.
    with: (array, parameter) => `array_append(array_remove(${array}, ${parameter}), ${parameter})`,
    without: (array, parameter) => `array_remove(${array}, ${parameter})`,
  },
  failureOf: postgresqlFailure,
}

const BATCH = 500

/** Opens connections when they are needed. Every value comes as text, which loses nothing: JavaScript's dates and numbers do. */
export function openPostgresql(address: SqlAddress, options: SessionOptions): SqlSession {
  const pool = openPool(address, options)
  let known: Promise<KnownTypes> | undefined
  const typesOf = (): Promise<KnownTypes> => (known ??= readTypes(pool))
  return {
    async *stream({ sql, values }, signal) {
      const columnsOf = await typesOf()
      const client = await pool.connect()
      let isWhole = false
      try {
        yield* readBatches(client, sql, values, columnsOf, signal)
        isWhole = true
      } finally {
        // A connection in the middle of a result is of no use to others.
        client.release(!isWhole)
      }
    },
    async query({ sql, values }) {
      const columnsOf = await typesOf()
      const { rows, fields } = await pool.query<Raw[]>({ text: sql, values: [...values], ...asText })
      const columns = columnsOf(fields)
      return { columns, rows: rows.map((row) => cellsOf(row, columns)) }
    },
    execute: async ({ sql, values }) => (await pool.query(sql, [...values])).rowCount ?? 0,
    close: () => pool.end(),
  }
}

function openPool({ host, port, user, password, database, tls }: SqlAddress, options: SessionOptions): Pool {
  const pool = new Pool({
    host,
    database,
    port: port ?? 5432,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(tls !== null && { ssl: { rejectUnauthorized: true, ...tls } }),
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeout,
    application_name: 'idaas sync',
    keepAlive: true,
    verify: (client, done) => {
      client.on('error', () => {})
      client.query(settings(options), (error) => done(error))
    },
  })
  // A connection that breaks says so to whoever uses it; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

/** Not as parameters of the connection: PgBouncer refuses those. */
function settings({ statementTimeout }: SessionOptions): string {
  return `set timezone to 'UTC'; set datestyle to 'ISO'; set bytea_output to 'hex'; set statement_timeout to ${statementTimeout}`
}

const asText = { rowMode: 'array' as const, types: { getTypeParser: () => (raw: string | Buffer) => raw } }

async function* readBatches(
  client: PoolClient,
  sql: string,
  values: readonly Parameter[],
  columnsOf: KnownTypes,
  signal: AbortSignal | undefined,
): AsyncGenerator<Rows> {
  const cursor = client.query(new Cursor<Raw[]>(sql, [...values], asText))
  for (;;) {
    signal?.throwIfAborted()
    const { rows, fields } = await readCursor(cursor)
    const columns = columnsOf(fields)
    yield { columns, rows: rows.map((row) => cellsOf(row, columns)) }
    if (rows.length < BATCH) return
  }
}

function readCursor(cursor: Cursor<Raw[]>): Promise<{ rows: Raw[][]; fields: FieldDef[] }> {
  return new Promise((resolve, reject) => {
    cursor.read(BATCH, (error, rows, result) => {
      if (error) reject(error)
      else resolve({ rows, fields: result.fields })
    })
  })
}
