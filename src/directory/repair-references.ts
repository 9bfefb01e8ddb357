import { attr } from '../ldap/attribute-name.ts'
import { sameDn, toDn, type Dn } from '../ldap/dn.ts'
import { text, type Entry } from '../ldap/entry.ts'
import { filter } from '../ldap/filter.ts'
import type { Operations } from '../ldap/operations.ts'
import { LdapError } from '../ldap/result.ts'
import { readSchema, type AttributeType, type Schema } from '../ldap/schema.ts'
import type { Change } from '../ldap/update-message.ts'

/** DN, and "name and optional UID": `cn=a,dc=b#'01'B` (RFC 4517, 3.3.9 and 3.3.21). */
const DN_SYNTAXES: ReadonlySet<string> = new Set([
  '1.3.6.1.4.1.1466.115.121.1.12',
  '1.3.6.1.4.1.1466.115.121.1.34',
])
/** The server keeps these by itself from the attributes at the other end; 389-DS and AD do not say so in the schema. */
const BACKLINKS: ReadonlySet<string> = new Set(['memberof'])
/** Attributes in one filter: servers limit the size of filters. */
const BATCH = 24
const PAGE = 500
/** The server's own repair may come between our look and our write. */
const TRIES = 4

const NO_SUCH_ATTRIBUTE = 16
const VALUE_EXISTS = 20
/** A naming context that the service account may not look into has nothing that it could repair. */
const CLOSED: ReadonlySet<number> = new Set([32, 50])

export type Repaired = { repaired: Dn[]; failed: Dn[] }

/** Replaces the old DN by the new one wherever an attribute of DN syntax holds it, in the whole directory. Doing it again is no harm. */
export async function repairReferences(pool: Operations, old: Dn, renamed: Dn): Promise<Repaired> {
  if (sameDn(old, renamed)) return { repaired: [], failed: [] }
  const { contexts, schema } = await describe(pool)
  const names = referenceAttributes(schema)
  const repaired: Dn[] = []
  const failed: Dn[] = []
  for (const dn of await holdersOf(pool, contexts, names, old)) {
    const done = await repair(pool, dn, { names, schema, old, renamed })
    if (done !== 'nothing') (done === 'repaired' ? repaired : failed).push(dn)
  }
  return { repaired, failed }
}

async function describe(pool: Operations): Promise<{ contexts: readonly string[]; schema: Schema }> {
  const rootDse = await pool.read('', { attributes: ['namingContexts', 'subschemaSubentry'] })
  const [subschemaDn] = rootDse === undefined ? [] : text(rootDse, 'subschemaSubentry')
  const attributes = ['attributeTypes', 'objectClasses']
  const subschema = subschemaDn === undefined ? undefined : await pool.read(subschemaDn, { attributes })
  if (rootDse === undefined || subschema === undefined)
    throw new Error('the service account may not read the root DSE and the subschema')
  return { contexts: text(rootDse, 'namingContexts'), schema: readSchema(subschema) }
}

/** The attributes that hold DNs which people and programs write. */
function referenceAttributes({ attributeTypes }: Schema): string[] {
  return attributeTypes.filter(isReference).flatMap(({ names: [name] }) => name ?? [])
}

function isReference({ names, syntax, operational, noUserModification }: AttributeType): boolean {
  const isOurs = !operational && !noUserModification
  return isOurs && DN_SYNTAXES.has(syntax ?? '') && !names.some((name) => BACKLINKS.has(name.toLowerCase()))
}

async function holdersOf(
  pool: Operations,
  contexts: readonly string[],
  names: readonly string[],
  old: Dn,
): Promise<Dn[]> {
  const found = new Set<Dn>()
  const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) =>
    names.slice(index * BATCH, (index + 1) * BATCH),
  )
  for (const base of contexts) {
    for (const batch of batches) {
      const filters = batch.map((name) => filter`(${attr(name)}=${old})`)
      const query = { base, filter: { type: 'or', filters }, attributes: ['1.1'], paged: PAGE } as const
      try {
        for await (const entry of pool.search(query)) found.add(toDn(entry.dn))
      } catch (error) {
        if (!(error instanceof LdapError) || !CLOSED.has(error.code)) throw error
      }
    }
  }
  return [...found]
}

type Renaming = { names: readonly string[]; schema: Schema; old: Dn; renamed: Dn }

/** One modify: a group must not be without its last member in between. */
async function repair(
  pool: Operations,
  dn: Dn,
  renaming: Renaming,
): Promise<'repaired' | 'nothing' | 'failed'> {
  for (let tries = 0; tries < TRIES; tries++) {
    const entry = await pool.read(dn, { attributes: renaming.names })
    const changes = entry === undefined ? [] : changesOf(entry, renaming)
    if (changes.length === 0) return 'nothing'
    try {
      await pool.modify(dn, changes)
      return 'repaired'
    } catch (error) {
      if (!(error instanceof LdapError)) throw error
      if (error.code !== NO_SUCH_ATTRIBUTE && error.code !== VALUE_EXISTS) return 'failed'
    }
  }
  return 'failed'
}

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
