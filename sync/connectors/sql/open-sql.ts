import type { SqlConnection } from '../../../src/config/sync-connection-schema.ts'
import { mysql, openMysql } from './mysql.ts'
import { openOracle, oracle } from './oracle.ts'
import { openPostgresql, postgresql } from './postgresql.ts'
import { sqlAddress } from './sql-address.ts'
import { openSqlServer, sqlServer } from './sql-server.ts'
import type { SqlDialect, SqlSession } from './sql-session.ts'

/** A session of the database of a connection. Connects when it is first asked. Throws IncompleteSource when the package of its driver is not installed. */
export async function openSql(
  connection: SqlConnection,
): Promise<{ session: SqlSession; dialect: SqlDialect }> {
  const address = sqlAddress(connection)
  switch (connection.kind) {
    case 'postgresql':
      return { session: openPostgresql(address, connection), dialect: postgresql }
    case 'mysql':
      return { session: openMysql(address, connection), dialect: mysql }
    case 'oracle':
      return { session: await openOracle(address, connection), dialect: oracle }
    case 'sqlserver':
      return { session: await openSqlServer(address, connection), dialect: sqlServer }
  }
}
