import type {
  LdapConnection,
  SqlConnection,
  SyncConnection,
} from '../../src/config/sync-connection-schema.ts'
import {
  fileSideSchema,
  ldapSideSchema,
  sqlDestinationSchema,
  sqlSourceSchema,
} from '../../src/config/sync-side-schema.ts'
import { poolOptions } from '../../src/directory/open-directory.ts'
import type { Destination, Source } from './connector.ts'
import { csvSource } from './csv/csv-source.ts'
import { execDestination } from './exec/exec-destination.ts'
import { execSource } from './exec/exec-source.ts'
import { jsonLinesSource } from './json-lines/json-lines-source.ts'
import { openLdapSide } from './ldap/open-ldap-side.ts'
import { ldifSource } from './ldif/ldif-source.ts'
import { openSql } from './sql/open-sql.ts'
import { openSqlDestination } from './sql/sql-destination.ts'
import { sqlSource } from './sql/sql-source.ts'

/**
 * Opens the source of a task. `options`: what the task says of it, in the form that the configuration has checked for its kind. Throws
 * IncompleteSource when a server does not answer, ZodError for options of another kind.
 */
export async function openSource(
  connection: SyncConnection,
  options: unknown,
  clock: () => Date,
): Promise<Source> {
  switch (connection.kind) {
    case 'csv':
      return csvSource(connection, fileSideSchema.parse(options).path)
    case 'ldif':
      return ldifSource(connection, fileSideSchema.parse(options).path)
    case 'jsonl':
      return jsonLinesSource(connection, fileSideSchema.parse(options).path)
    case 'ldap':
      return await openLdap(connection, options, 'source')
    case 'exec':
      return execSource(connection)
    default: {
      const { session, dialect } = await openSql(connection)
      return sqlSource(session, dialect, sqlSourceSchema.parse(options), clock)
    }
  }
}

/** As `openSource`. Throws a TypeError for a kind that is only read. */
export async function openDestination(
  connection: SyncConnection,
  options: unknown,
  clock: () => Date,
): Promise<Destination> {
  switch (connection.kind) {
    case 'ldap':
      return await openLdap(connection, options, 'destination')
    case 'postgresql':
    case 'mysql':
    case 'oracle':
    case 'sqlserver':
      return await openTable(connection, options, clock)
    case 'exec':
      return execDestination(connection)
    default:
      throw new TypeError(`${connection.name} is of kind ${connection.kind}, which is only read`)
  }
}

async function openTable(
  connection: SqlConnection,
  options: unknown,
  clock: () => Date,
): Promise<Destination> {
  const side = sqlDestinationSchema.parse(options)
  const { session, dialect } = await openSql(connection)
  try {
    return await openSqlDestination(session, dialect, side, clock)
  } catch (error) {
    await session.close()
    throw error
  }
}

async function openLdap(
  connection: LdapConnection,
  options: unknown,
  role: 'source' | 'destination',
): Promise<Destination> {
  const { product, primaries } = connection
  return await openLdapSide(
    { pool: poolOptions(connection), primaries, kind: product },
    { role, ...ldapSideSchema.parse(options) },
  )
}
