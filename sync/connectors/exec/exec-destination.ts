import type { ExecConnection } from '../../../src/config/sync-connection-schema.ts'
import { formatLdif } from '../../../src/ldap/ldif-writer.ts'
import type { Change } from '../../plan/change.ts'
import type { SyncRecord } from '../../record.ts'
import { ApplyFailure, type ApplyFailureKind, type Destination, IncompleteSource } from '../connector.ts'
import { attributeRules } from '../ldap/attribute-rules.ts'
import { ldapComparison } from '../ldap/ldap-comparison.ts'
import { ldifChange } from './change-ldif.ts'
import { byName, entriesIn, execSource } from './exec-source.ts'
import type { End } from './program.ts'
import { checkEnd, endText, type Programs, programsOf } from './programs.ts'

/** What programs write, one for each kind of operation, from a change record that they are given as LDIF. Compared as the standard schema says. */
export function execDestination(connection: ExecConnection): Destination {
  const programs = programsOf(connection)
  const source = execSource(connection, programs)
  const rules = attributeRules(undefined, 'openldap', new Set())
  const comparison = ldapComparison(rules, undefined, 'openldap')
  const reread: Destination['reread'] = (names, attributes) =>
    connection.get === undefined
      ? amongAll(source.read({ attributes }), names, rules.dnKey)
      : getAll(connection.get, programs, names, attributes)
  return {
    ...source,
    comparison,
    isKnownByName: true,
    reread,
    rereadNamed: reread,
    apply: (change) => applyBy(connection, programs, change),
  }
}

async function amongAll(
  records: AsyncIterable<SyncRecord>,
  names: readonly string[],
  dnKey: (name: string) => string,
): Promise<SyncRecord[]> {
  const asked = new Set(names.map(dnKey))
  const found = []
  if (asked.size > 0)
    for await (const record of records) if (asked.has(dnKey(record.name))) found.push(record)
  return found
}

async function getAll(
  get: readonly string[],
  programs: Programs,
  names: readonly string[],
  attributes: readonly string[] | 'all',
): Promise<SyncRecord[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const end = await programs.run(get, name, '')
      checkEnd('get', end)
      return await entriesIn(end.output, attributes)
    }),
  )
  return found.flat().map((entry) => {
    if ('record' in entry) return byName(entry.record)
    throw new IncompleteSource('faulty', `get: ${entry.fault.text}`)
  })
}

async function applyBy(connection: ExecConnection, programs: Programs, change: Change): Promise<void> {
  const command = commandFor(connection, change)
  if (command === undefined)
    throw new ApplyFailure('refused', 'no-program', `the connection has no program for this: ${change.kind}`)
  const end = await programs.run(command, change.name, formatLdif(ldifChange(change)))
  if (end.how === 'exited' && end.status === 0) return
  throw new ApplyFailure(
    failureKind(end),
    end.how === 'exited' ? `exit ${end.status}` : end.how,
    endText(end),
  )
}

function commandFor(connection: ExecConnection, { kind }: Change): readonly string[] | undefined {
  const { add, update, rename, remove } = connection
  return { create: add, update, rename, delete: remove, disable: undefined, enable: undefined }[kind]
}

/** Programs often end as the tools of OpenLDAP do that they call: with the result code of LDAP. 75 is EX_TEMPFAIL of sysexits.h. */
const KINDS: Readonly<Record<number, ApplyFailureKind>> = {
  20: 'values-exist',
  32: 'gone',
  51: 'busy',
  66: 'has-children',
  68: 'exists',
  75: 'busy',
}

function failureKind({ how, status }: End): ApplyFailureKind {
  if (how === 'not-started') return 'refused'
  return how === 'exited' ? (KINDS[status] ?? 'refused') : 'lost'
}
