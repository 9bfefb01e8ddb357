import type { Connection, ExecuteOptions, ResultSet } from 'oracledb'
import { connectionPool } from './connection-pool.ts'
import { optionalDriver } from './optional-driver.ts'
import { oracleFailure } from './oracle-failure.ts'
import { cellOf, columnOf } from './oracle-values.ts'
import { plainValues } from './plain-values.ts'
import type { SqlAddress } from './sql-address.ts'
import type { Rows, SessionOptions, SqlDialect, SqlSession } from './sql-session.ts'

/**
 * Oracle Database 12.1 and later, by the thin mode of `oracledb`, which needs no client of Oracle's. Written from the documentation and the source of
 * the driver: no test of ours runs against a server.
 */
export const oracle: SqlDialect = {
  quote: (name) => `"${name.replaceAll('"', '')}"`,
  quotedName: /^"[^"]+"$/,
  parameter: (index) => `:${index}`,
  among: ({ name }, first, values) => ({
    sql: `${oracle.quote(name)} in (${values.map((_, index) => `:${first + index}`).join(', ')})`,
    values,
  }),
  amongAtMost: 1_000,
  // As the formats of the session say.
  asText: (expression) => `to_char(${expression})`,
  arrays: null,
  failureOf: oracleFailure,
}

const BATCH = 500

/** Texts that are given for dates and numbers, and `asText`, whatever the language of the server. */
const formats = `alter session set nls_date_format = 'YYYY-MM-DD HH24:MI:SS' nls_timestamp_format = 'YYYY-MM-DD HH24:MI:SS.FF'
  nls_timestamp_tz_format = 'YYYY-MM-DD HH24:MI:SS.FF' nls_numeric_characters = '.,' time_zone = '+00:00'`

/** Opens connections when they are needed. Throws IncompleteSource when the package `oracledb` is not there. */
export async function openOracle(address: SqlAddress, options: SessionOptions): Promise<SqlSession> {
  const { default: oracledb } = await optionalDriver('oracledb', () => import('oracledb'))
  const open = async (): Promise<Connection> => {
    const connection = await oracledb.getConnection(connectOptions(address, options))
    connection.callTimeout = options.statementTimeout
    await connection.execute(formats, [], {})
    return connection
  }
  const pool = connectionPool(options.poolSize, open, (connection) => connection.close({ drop: true }))
  const reading: ExecuteOptions = {
    resultSet: true,
    prefetchRows: BATCH,
    fetchArraySize: BATCH,
    // Numbers as text, which loses no digit, and large objects as what they hold.
    fetchTypeHandler({ dbType: { columnTypeName } }) {
      if (/CLOB$|^NUMBER$|^LONG$|^JSON$/.test(columnTypeName)) return { type: oracledb.DB_TYPE_VARCHAR }
      return columnTypeName === 'BLOB' ? { type: oracledb.DB_TYPE_RAW } : undefined
    },
  }
  return {
    async *stream(statement, signal) {
      const { connection, give } = await pool.take()
      let isWhole = false
      try {
        const { resultSet } = await connection.execute(statement.sql, plainValues(statement), reading)
        yield* readBatches(resultSet, signal)
        isWhole = true
      } finally {
        give(isWhole)
      }
    },
    query: (statement) =>
      pool.use(async (connection) => {
        const { resultSet } = await connection.execute(statement.sql, plainValues(statement), reading)
        const batches = await Array.fromAsync(readBatches(resultSet))
        return { columns: batches[0]?.columns ?? [], rows: batches.flatMap(({ rows }) => rows) }
      }),
    execute: (statement) =>
      pool.use(async (connection) => {
        const { rowsAffected } = await connection.execute(statement.sql, plainValues(statement), {
          autoCommit: true,
        })
        return rowsAffected ?? 0
      }),
    close: () => pool.close(),
  }
}

function connectOptions({ host, port, database, user, password, tls }: SqlAddress, options: SessionOptions) {
  return {
    connectString: `${tls === null ? 'tcp' : 'tcps'}://${host}:${port ?? 1521}/${database}`,
    transportConnectTimeout: Math.ceil(options.connectTimeout / 1_000),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(tls?.ca !== undefined && { walletContent: tls.ca.toString('utf8') }),
  }
}

async function* readBatches(resultSet: ResultSet | undefined, signal?: AbortSignal): AsyncGenerator<Rows> {
  if (resultSet === undefined) return
  const types = resultSet.metaData.map(({ dbType }) => dbType.columnTypeName)
  const columns = resultSet.metaData.map(columnOf)
  for (;;) {
    signal?.throwIfAborted()
    const rows = await resultSet.getRows(BATCH)
    yield { columns, rows: rows.map((row) => row.map((value, index) => cellOf(value, types[index] ?? ''))) }
    if (rows.length < BATCH) break
  }
  await resultSet.close()
}
