import { z } from 'zod'
import { directoryKinds, directorySchema } from './directory-schema.ts'
import { nameSchema } from './name-schema.ts'
import { csvConnection, jsonLinesConnection, ldifConnection } from './sync-file-schema.ts'

const name = nameSchema.describe('Name of the connection, unique in its tenant. Tasks refer to it.')

const { urls, primaries, startTls, allowCleartext, ca, bind, poolSize, connectTimeout } =
  directorySchema.shape

const ldapConnection = z.strictObject({
  kind: z.literal('ldap').describe('An LDAP server that is no directory of the tenant.'),
  name,
  product: z
    .enum(directoryKinds)
    .optional()
    .describe('Product, which decides how changes are followed. When absent the server is asked.'),
  urls,
  primaries,
  startTls,
  allowCleartext,
  ca,
  bind,
  poolSize,
  connectTimeout,
  operationTimeout: z
    .int()
    .min(50)
    .max(600_000)
    .default(30_000)
    .describe('Milliseconds for one operation, or one page of a search.'),
})

const sqlKeys = {
  name,
  user: z.string().optional().describe('Name to sign in with, when it is not in `url`.'),
  password: z
    .string()
    .optional()
    .describe('Its password as it is, when it is not in `url` (where it is percent-encoded).')
    .meta({ writeOnly: true }),
  tls: z
    .boolean()
    .optional()
    .describe(
      'Encrypt the connection and check the certificate. When absent: unless the server is on this host. `false` sends passwords and data in clear.',
    ),
  ca,
  poolSize: z.int().min(1).max(64).default(4).describe('Most connections that are open at once to write.'),
  connectTimeout: z.int().min(50).max(60_000).default(5_000).describe('Milliseconds for connecting.'),
  statementTimeout: z
    .int()
    .min(50)
    .max(3_600_000)
    .default(300_000)
    .describe('Milliseconds that a statement may run.'),
}

const sqlUrl = (protocol: RegExp, form: string) =>
  z
    .url({ protocol, error: `a URL ${form}` })
    .describe(`Database: ${form}.`)
    .meta({ writeOnly: true })

const postgresqlConnection = z.strictObject({
  kind: z.literal('postgresql'),
  url: sqlUrl(/^postgres(ql)?$/, 'postgresql://user:password@host:5432/database'),
  ...sqlKeys,
})

const mysqlConnection = z.strictObject({
  kind: z.literal('mysql').describe('MySQL or MariaDB.'),
  url: sqlUrl(/^(mysql|mariadb)$/, 'mysql://user:password@host:3306/database'),
  ...sqlKeys,
})

const oracleConnection = z.strictObject({
  kind: z
    .literal('oracle')
    .describe(
      'Oracle Database 12.1 or later; needs the npm package `oracledb`. Built from its documentation: we have no server to test it with.',
    ),
  url: sqlUrl(/^oracle$/, 'oracle://user:password@host:1521/service'),
  ...sqlKeys,
})

const sqlserverConnection = z.strictObject({
  kind: z
    .literal('sqlserver')
    .describe(
      'Microsoft SQL Server; needs the npm package `tedious`. Built from its documentation: we have no server to test it with.',
    ),
  url: sqlUrl(/^(sqlserver|mssql)$/, 'sqlserver://user:password@host:1433/database'),
  ...sqlKeys,
})

const command = (text: string) =>
  z.array(z.string().min(1)).min(1).optional().describe(`${text} The program and its arguments; no shell.`)

const execConnection = z.strictObject({
  kind: z
    .literal('exec')
    .describe(
      "Programs that speak the protocol of LSC's executable plugin. Exit code 0 is success; 32, 51, 66 and 68 mean what they mean in LDAP, 75 is `try again`. The last line on stderr that begins with `ERROR:` is shown.",
    ),
  name,
  list: z
    .array(z.string().min(1))
    .min(1)
    .describe('Prints all entries as LDIF: whole, or their `dn` and pivots when there is `get`. No shell.'),
  get: command('Prints one entry as LDIF. Its DN is the last argument, its pivots come in as LDIF.'),
  add: command('Creates the entry of the DN in the last argument from the LDIF that comes in.'),
  update: command('Changes it.'),
  remove: command('Removes it.'),
  rename: command('Renames it.'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name of letters, digits and _'), z.string())
    .default({})
    .describe('Environment of the programs, beside PATH, HOME, LANG and TZ. Nothing else is handed on.')
    .meta({ writeOnly: true }),
  timeout: z
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe('Seconds for one program, `list` apart: that may be silent for so long.'),
  parallel: z.int().min(1).max(64).default(4).describe('Programs that run at once.'),
})

/** A system that tasks read or write, beside the directories of the tenant. */
export const syncConnectionSchema = z.discriminatedUnion(
  'kind',
  [
    ldapConnection,
    postgresqlConnection,
    mysqlConnection,
    oracleConnection,
    sqlserverConnection,
    csvConnection,
    ldifConnection,
    jsonLinesConnection,
    execConnection,
  ],
  { error: 'ldap, postgresql, mysql, oracle, sqlserver, csv, ldif, jsonl or exec' },
)
export type SyncConnection = z.infer<typeof syncConnectionSchema>
export type SyncConnectionKind = SyncConnection['kind']
export type LdapConnection = z.infer<typeof ldapConnection>
export type SqlConnection =
  | z.infer<typeof postgresqlConnection>
  | z.infer<typeof mysqlConnection>
  | z.infer<typeof oracleConnection>
  | z.infer<typeof sqlserverConnection>
export type ExecConnection = z.infer<typeof execConnection>
