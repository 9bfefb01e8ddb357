import { on } from 'node:events'
import type * as tediousModule from 'tedious'
import type { Connection, ConnectionConfiguration, Request } from 'tedious'
import { connectionPool } from './connection-pool.ts'
import { optionalDriver } from './optional-driver.ts'
import type { SqlAddress } from './sql-address.ts'
import { sqlServerFailure } from './sql-server-failure.ts'
import { cellOf, columnOf, quoted } from './sql-server-values.ts'
import type { Cell, Column, Rows, SessionOptions, SqlDialect, SqlSession, Statement } from './sql-session.ts'

/**
 * Microsoft SQL Server 2012 and later, by `tedious`. Written from the documentation and the source of the driver: no test of ours runs against a
 * server.
 */
export const sqlServer: SqlDialect = {
  quote: quoted,
  quotedName: /^(?:\[(?:[^\]]|\]\])+\]|"[^"]+")$/,
  parameter: (index) => `@p${index}`,
  among: ({ name }, first, values) => ({
    sql: `${sqlServer.quote(name)} in (${values.map((_, index) => `@p${first + index}`).join(', ')})`,
    values,
  }),
  amongAtMost: 1_000,
  asText: (expression, type) => `convert(nvarchar(60), ${expression}${type === 'time' ? ', 121' : ''})`,
  arrays: null,
  failureOf: sqlServerFailure,
}

const BATCH = 500

type Tedious = Pick<typeof tediousModule, 'Connection' | 'Request' | 'TYPES'>

/** Opens connections when they are needed. Throws IncompleteSource when the package `tedious` is not there. */
export async function openSqlServer(address: SqlAddress, options: SessionOptions): Promise<SqlSession> {
  const tedious: Tedious = await optionalDriver('tedious', () => import('tedious'))
  const pool = connectionPool(options.poolSize, () => connect(tedious, address, options), end)
  return {
    async *stream(statement, signal) {
      const { connection, give } = await pool.take()
      let isWhole = false
      try {
        yield* readBatches(tedious, connection, statement, signal)
        isWhole = true
      } finally {
        give(isWhole)
      }
    },
    query: (statement) =>
      pool.use(async (connection) => {
        const batches = await Array.fromAsync(readBatches(tedious, connection, statement))
        return { columns: batches[0]?.columns ?? [], rows: batches.flatMap(({ rows }) => rows) }
      }),
    execute: (statement) =>
      pool.use(
        (connection) =>
          new Promise((resolve, reject) => {
            const request = requestOf(tedious, statement, (error, count) => {
              if (error) reject(error)
              else resolve(count ?? 0)
            })
            connection.execSql(request)
          }),
      ),
    close: () => pool.close(),
  }
}

function connect(tedious: Tedious, address: SqlAddress, options: SessionOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = new tedious.Connection(configuration(address, options))
    connection.on('error', () => {})
    connection.connect((error) => {
      if (error) reject(error)
      else resolve(connection)
    })
  })
}

function configuration(
  { host, port, user, password, database, tls }: SqlAddress,
  { connectTimeout, statementTimeout }: SessionOptions,
): ConnectionConfiguration {
  return {
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      port: port ?? 1433,
      database,
      encrypt: tls !== null,
      trustServerCertificate: false,
      ...(tls?.ca !== undefined && { cryptoCredentialsDetails: { ca: tls.ca } }),
      connectTimeout,
      requestTimeout: statementTimeout,
      // Texts that are given for dates.
      dateFormat: 'ymd',
      useUTC: true,
      appName: 'idaas sync',
    },
  }
}

function end(connection: Connection): Promise<void> {
  connection.close()
  return Promise.resolve()
}

type Completed = (error: Error | null | undefined, rowCount?: number) => void

/** Everything goes as text, but bytes: the server makes of it what the column holds. */
function requestOf(
  { Request: New, TYPES }: Tedious,
  { sql, values }: Statement,
  completed: Completed,
): Request {
  const request = new New(sql, completed)
  for (const [index, value] of values.entries()) {
    const isBytes = Buffer.isBuffer(value)
    request.addParameter(`p${index + 1}`, isBytes ? TYPES.VarBinary : TYPES.NVarChar, value)
  }
  return request
}

async function* readBatches(
  tedious: Tedious,
  connection: Connection,
  statement: Statement,
  signal?: AbortSignal,
): AsyncGenerator<Rows> {
  let failure: Error | undefined
  const request = requestOf(tedious, statement, (error) => (failure = error ?? undefined))
  let columns: Column[] = []
  request.on('columnMetadata', (metadata) => (columns = Object.values(metadata).map(columnOf)))
  // Pauses the request while nobody takes its rows.
  const rowEvents = on(request, 'row', { highWaterMark: BATCH, lowWaterMark: 1, close: ['requestCompleted'] })
  connection.execSql(request)
  let rows: Cell[][] = []
  for await (const [row] of rowEvents) {
    signal?.throwIfAborted()
    rows.push(Array.isArray(row) ? row.map((cell: unknown, index) => cellOf(cell, columns[index])) : [])
    if (rows.length < BATCH) continue
    yield { columns, rows }
    rows = []
  }
  if (failure) throw failure
  yield { columns, rows }
}
