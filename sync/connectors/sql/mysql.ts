import { createPool, type FieldPacket, type Pool, type PoolConnection } from 'mysql2'
import { mysqlFailure } from './mysql-failure.ts'
import { cellsOf, columnsOf } from './mysql-values.ts'
import { plainValues } from './plain-values.ts'
import type { SqlAddress } from './sql-address.ts'
import type { Cell, Column, Rows, SessionOptions, SqlDialect, SqlSession, Statement } from './sql-session.ts'

/** MySQL and MariaDB. */
export const mysql: SqlDialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  quotedName: /^`(?:[^`]|``)+`$/,
  parameter: () => '?',
  among: ({ name }, _, values) => ({
    sql: `${mysql.quote(name)} in (${values.map(() => '?').join(', ')})`,
    values,
  }),
  amongAtMost: 1_000,
  asText: (expression) => `cast(${expression} as char)`,
  arrays: null,
  failureOf: mysqlFailure,
}

const BATCH = 500

/** Opens connections when they are needed. Dates and large numbers come as text: JavaScript's lose days and digits. */
export function openMysql(address: SqlAddress, options: SessionOptions): SqlSession {
  const pool = openPool(address, options)
  const run = (statement: Statement) =>
    new Promise<{ result: unknown; fields: FieldPacket[] }>((resolve, reject) => {
      pool.execute(questionOf(statement, options), plainValues(statement), (error, result, fields) => {
        if (error) reject(error)
        else resolve({ result, fields })
      })
    })
  return {
    async *stream(statement, signal) {
      const connection = await takeConnection(pool)
      let isWhole = false
      try {
        yield* readBatches(connection, statement, options, signal)
        isWhole = true
      } finally {
        // A connection in the middle of a result is of no use to others.
        if (isWhole) connection.release()
        else connection.destroy()
      }
    },
    async query(statement) {
      const { result, fields } = await run(statement)
      const columns = columnsOf(fields)
      return { columns, rows: rowsIn(result).map((row) => cellsOf(row, columns)) }
    },
    async execute(statement) {
      const { result } = await run(statement)
      return typeof result === 'object' && result !== null && 'affectedRows' in result
        ? Number(result.affectedRows)
        : 0
    },
    close: () =>
      new Promise((resolve) => {
        pool.end(() => resolve())
      }),
  }
}

function openPool(address: SqlAddress, options: SessionOptions): Pool {
  const { host, port, user, password, database, tls } = address
  const pool = createPool({
    ...(host.startsWith('/') ? { socketPath: host } : { host, port: port ?? 3306 }),
    database,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(tls !== null && { ssl: { rejectUnauthorized: true, ...tls } }),
    connectionLimit: options.poolSize,
    connectTimeout: options.connectTimeout,
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
  })
  pool.on('connection', (connection) => {
    connection.on('error', () => {})
    // Moments in UTC; a value that is too long is refused, not cut.
    connection.query(`set time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'`, () => {})
  })
  return pool
}

function questionOf({ sql }: Statement, { statementTimeout }: SessionOptions) {
  return { sql, rowsAsArray: true, timeout: statementTimeout }
}

function takeConnection(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) reject(error)
      else resolve(connection)
    })
  })
}

async function* readBatches(
  connection: PoolConnection,
  statement: Statement,
  options: SessionOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Rows> {
  const query = connection.execute(questionOf(statement, options), plainValues(statement))
  let columns: Column[] = []
  query.on('fields', (fields: FieldPacket[]) => (columns = columnsOf(fields)))
  const stream = query.stream({ highWaterMark: BATCH })
  // mysql2 tells a lost connection to callbacks only; a stream would wait for ever.
  const fail = (error: Error): unknown => stream.destroy(error)
  connection.on('error', fail)
  let rows: Cell[][] = []
  try {
    for await (const row of stream) {
      signal?.throwIfAborted()
      rows.push(cellsOf(Array.isArray(row) ? row : [], columns))
      if (rows.length < BATCH) continue
      yield { columns, rows }
      rows = []
    }
  } finally {
    connection.off('error', fail)
  }
  yield { columns, rows }
}

function rowsIn(result: unknown): unknown[][] {
  return Array.isArray(result) ? result.filter((row) => Array.isArray(row)) : []
}
