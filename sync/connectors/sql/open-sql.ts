import type { SqlConnection } from '../../../src/config/sync-connection-schema.ts'
import { mysql, openMysql } from './mysql.ts'
import { openPostgresql, postgresql } from './postgresql.ts'
import { sqlAddress } from './sql-address.ts'
import type { SqlDialect, SqlSession } from './sql-session.ts'

/** A session of the database of a connection. Connects when it is first asked. Throws when the package of its driver is not installed. */
export async function openSql(
  connection: SqlConnection,
): Promise<{ session: SqlSession; dialect: SqlDialect }> {
  const address = sqlAddress(connection)
  switch (connection.kind) {
    case 'postgresql':
      return { session: openPostgresql(address, connection), dialect: postgresql }
    case 'mysql':
      return { session: openMysql(address, connection), dialect: mysql }
    default:
      throw new TypeError('not yet')
  }
}
