import { attr } from '../ldap/attribute-name.ts'
import { sameDn, type Dn } from '../ldap/dn.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Operations } from '../ldap/operations.ts'
import { readSchema, type AttributeType, type Schema } from '../ldap/schema.ts'
import type { Change } from '../ldap/update-message.ts'
import { Problem } from '../problems/problem.ts'
import type { Repaired } from './directory.ts'
import { nothingToRepair, repairEntries } from './repair-entries.ts'

/** DN, and "name and optional UID": `cn=a,dc=b#'01'B` (RFC 4517, 3.3.9 and 3.3.21). */
const DN_SYNTAXES: ReadonlySet<string> = new Set([
  '1.3.6.1.4.1.1466.115.121.1.12',
  '1.3.6.1.4.1.1466.115.121.1.34',
])
/** The server keeps these by itself from the attributes at the other end; 389-DS and AD do not say so in the schema. */
const BACKLINKS: ReadonlySet<string> = new Set(['memberof'])
/** Attributes in one filter: servers limit the size of filters. */
const BATCH = 24

/** What must be known of a server before an entry of it is renamed. */
export type Naming = { contexts: readonly string[]; schema: Schema }

/** Throws Problem `directory-refused` when the service account may not read it. */
export async function readNaming(pool: Operations): Promise<Naming> {
  const rootDse = await pool.read('', { attributes: ['namingContexts', 'subschemaSubentry'] })
  const [subschemaDn] = rootDse === undefined ? [] : text(rootDse, 'subschemaSubentry')
  const attributes = ['attributeTypes', 'objectClasses']
  const subschema = subschemaDn === undefined ? undefined : await pool.read(subschemaDn, { attributes })
  if (rootDse === undefined || subschema === undefined) throw new Problem('directory-refused')
  return { contexts: text(rootDse, 'namingContexts'), schema: readSchema(subschema) }
}

/** Replaces the old DN by the new one wherever an attribute of DN syntax holds it, in the whole directory. Doing it again is no harm. */
export async function repairReferences(
  pool: Operations,
  { contexts, schema }: Naming,
  { old, renamed }: { old: Dn; renamed: Dn },
): Promise<Repaired> {
  if (sameDn(old, renamed)) return nothingToRepair
  const names = referenceAttributes(schema)
  return await repairEntries(pool, {
    contexts,
    filters: filtersFor(names, old),
    attributes: names,
    changesOf: (entry) => changesOf(entry, { schema, old, renamed }),
  })
}

/** The attributes that hold DNs which people and programs write. */
function referenceAttributes({ attributeTypes }: Schema): string[] {
  return attributeTypes.filter(isReference).flatMap(({ names: [name] }) => name ?? [])
}

function isReference({ names, syntax, operational, noUserModification }: AttributeType): boolean {
  const isOurs = !operational && !noUserModification
  return isOurs && DN_SYNTAXES.has(syntax ?? '') && !names.some((name) => BACKLINKS.has(name.toLowerCase()))
}

function filtersFor(names: readonly string[], old: Dn): Filter[] {
  return Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) => {
    const batch = names.slice(index * BATCH, (index + 1) * BATCH)
    return { type: 'or', filters: batch.map((name) => filter`(${attr(name)}=${old})`) }
  })
}

type Renaming = { schema: Schema; old: Dn; renamed: Dn }

function changesOf(entry: Entry, { schema, old, renamed }: Renaming): Change[] {
  return [...entry.attributes.values()].flatMap(({ name }) => {
    const values = text(entry, name)
    const outdated = values.filter((value) => isNameOf(value, old, schema))
    const missing = outdated
      .map((value) => `${renamed}${uidOf(value)}`)
      .filter((value) => !values.some((one) => uidOf(one) === uidOf(value) && isNameOf(one, renamed, schema)))
    const remove: Change = { operation: 'delete', attribute: name, values: outdated }
    if (outdated.length === 0) return []
    return missing.length === 0 ? [remove] : [remove, { operation: 'add', attribute: name, values: missing }]
  })
}

/** Whether the value names the entry; what is no DN names nothing. */
function isNameOf(value: string, dn: Dn, schema: Schema): boolean {
  try {
    return sameDn(value.slice(0, value.length - uidOf(value).length), dn, schema)
  } catch {
    return false
  }
}

function uidOf(value: string): string {
  return /#'[01]*'B$/.exec(value)?.[0] ?? ''
}
