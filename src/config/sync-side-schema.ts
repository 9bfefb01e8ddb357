import { z } from 'zod'
import type { Finding } from './config-fault.ts'
import { dnFault, filterFault } from './ldap-text.ts'
import type { SyncConnectionKind } from './sync-connection-schema.ts'
import { dateRuleSchema, separatorsSchema, severalRowsSchema } from './sync-file-schema.ts'

const changes = z.strictObject({
  column: z.string().min(1).describe('Column that grows with every change of a row.'),
  type: z
    .enum(['time', 'number'])
    .default('time')
    .describe('What it holds: the time of the change, or a number that counts up.'),
  overlap: z
    .int()
    .min(0)
    .max(86_400)
    .default(60)
    .describe('Seconds (or numbers) that are read again, for transactions that end after later ones.'),
  interval: z.int().min(1).max(86_400).default(5).describe('Seconds between two looks.'),
})

/** Without defaults, so that a key is there only when it was written: not every kind has every key. */
const keys = {
  base: z.string().refine(isDn, 'a DN (RFC 4514)').describe('LDAP: DN of the branch.'),
  scope: z
    .enum(['base', 'one', 'sub'])
    .describe(
      'LDAP: the branch itself, the entries right below it, or everything below it. Usually `sub`, the last.',
    ),
  filter: z
    .string()
    .refine(isFilter, 'an LDAP filter (RFC 4515): (objectClass=person)')
    .describe('LDAP: filter (RFC 4515) that entries must match. All entries when absent.'),
  binary: z
    .array(z.string().min(1))
    .describe('LDAP: attributes with binary values, beside those of which the schema of the server says it.'),
  pageSize: z.int().min(1).max(100_000).describe('LDAP: entries in a page of a search. Usually 1000.'),
  referrals: z
    .enum(['fail', 'ignore'])
    .describe(
      'LDAP: what an entry that refers to another server is. `fail`: what is there is missing, so that the side was not read to its end; `ignore`: an entry like others (ManageDsaIT). Usually `fail`.',
    ),
  derefAliases: z
    .enum(['never', 'searching', 'finding', 'always'])
    .describe('LDAP: when aliases are followed. Usually `never`.'),
  relax: z
    .boolean()
    .describe('LDAP: write with the control that relaxes rules of the schema (OpenLDAP). Usually `false`.'),
  query: z
    .string()
    .min(1)
    .describe('SQL: a SELECT that can stand within parentheses. Its columns are the attributes.'),
  table: z
    .string()
    .min(1)
    .describe(
      'SQL: a table, or (of a source) a view: `people`, `hr.people`. A source has it instead of `query`.',
    ),
  key: z.string().min(1).describe('SQL: column that names the record; unique in a destination.'),
  severalRows: severalRowsSchema.describe(
    'SQL: several rows with one key are one record; what differs between them becomes several values.',
  ),
  separators: separatorsSchema.describe(
    'SQL: text between the values of a column that holds several, by column: `mail: ","`.',
  ),
  dates: z
    .array(dateRuleSchema)
    .describe(
      'SQL: how columns that hold dates are meant. Without, date columns are in UTC. `format` is for text only.',
    ),
  changes: changes.describe(
    'SQL: how to read only what changed. That rows are gone is noticed by a whole run only.',
  ),
  path: z
    .string()
    .min(1)
    .describe(
      'Files: another one than the connection names, in the same form. Relative to the file that names it.',
    ),
}

export const ldapSideSchema = z.strictObject({
  base: keys.base,
  scope: keys.scope.default('sub'),
  filter: keys.filter.default('(objectClass=*)'),
  binary: keys.binary.default([]),
  pageSize: keys.pageSize.default(1_000),
  referrals: keys.referrals.default('fail'),
  derefAliases: keys.derefAliases.default('never'),
  relax: keys.relax.default(false),
})
export type LdapSide = z.infer<typeof ldapSideSchema>

export const sqlSourceSchema = z
  .strictObject({
    query: keys.query.optional(),
    table: keys.table.optional(),
    key: keys.key,
    severalRows: keys.severalRows.default(false),
    separators: keys.separators.default({}),
    dates: keys.dates.default([]),
    changes: keys.changes.optional(),
  })
  .refine(({ query, table }) => (query === undefined) !== (table === undefined), '`query` or `table`')
export type SqlSource = z.infer<typeof sqlSourceSchema>

export const sqlDestinationSchema = z.strictObject({
  table: keys.table,
  key: keys.key,
  separators: keys.separators.default({}),
  dates: keys.dates.default([]),
})
export type SqlDestination = z.infer<typeof sqlDestinationSchema>

export const fileSideSchema = z.strictObject({ path: keys.path.optional() })
export type FileSide = z.infer<typeof fileSideSchema>

export const execSideSchema = z.strictObject({})

/** A side of a task as it is written. The kind of its connection decides which keys it may have: `sideFindings`. */
export const syncSideSchema = z.strictObject({
  directory: z.string().optional().describe('Name of one of the directories.'),
  connection: z.string().optional().describe('Name of one of the connections, instead of `directory`.'),
  ...z.object(keys).partial().shape,
})
export type SyncSide = z.infer<typeof syncSideSchema>

const writable: readonly SyncConnectionKind[] = ['ldap', 'postgresql', 'mysql', 'oracle', 'sqlserver', 'exec']

/** What is wrong with a side, once the kind of its connection is known; that of `directory:` is `ldap`. */
export function sideFindings(
  kind: SyncConnectionKind,
  role: 'source' | 'destination',
  side: Readonly<Record<string, unknown>>,
): Finding[] {
  if (role === 'destination' && !writable.includes(kind))
    return [{ path: ['connection'], expected: `a connection that can be written: ${writable.join(', ')}` }]
  const { directory: _, connection: __, ...options } = side
  const parsed = sideSchemaOf(kind, role).safeParse(options)
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue): Finding[] => {
    const path = issue.path.filter((step) => typeof step !== 'symbol')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [key], expected: `no such key for a ${role} of kind ${kind}` }))
    const isMissing = issue.code === 'invalid_type' && path.length === 1 && !(String(path[0]) in options)
    return [isMissing ? { expected: `the key \`${path.join()}\`` } : { path, expected: issue.message }]
  })
}

function sideSchemaOf(kind: SyncConnectionKind, role: 'source' | 'destination'): z.ZodType {
  switch (kind) {
    case 'ldap':
      return ldapSideSchema
    case 'csv':
    case 'ldif':
    case 'jsonl':
      return fileSideSchema
    case 'exec':
      return execSideSchema
    default:
      return role === 'source' ? sqlSourceSchema : sqlDestinationSchema
  }
}

function isDn(text: string): boolean {
  return dnFault(text) === undefined
}

function isFilter(text: string): boolean {
  return filterFault(text) === undefined
}
