import { first, text } from '../../../src/ldap/entry.ts'
import { isWithin } from '../../../src/ldap/dn.ts'
import type { DirectoryKind } from '../../../src/config/directory-schema.ts'
import { kindOf, rootDseAttributes } from '../../../src/directory/detect-kind.ts'
import type { Operations } from '../../../src/ldap/operations.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import { readSchema, type Schema } from '../../../src/ldap/schema.ts'

/** What a server says of itself in its root DSE. */
export type ServerFacts = {
  readonly kind: DirectoryKind
  /** OIDs. */
  readonly controls: ReadonlySet<string>
  readonly namingContexts: readonly string[]
  readonly subschema: string | undefined
}

/** Throws `LdapFailure` when no server answers. */
export async function readServerFacts(pool: Operations): Promise<ServerFacts> {
  const attributes = [...rootDseAttributes, 'supportedControl', 'namingContexts', 'subschemaSubentry']
  const entry = await pool.read('', { attributes })
  if (entry === undefined)
    return { kind: 'openldap', controls: new Set(), namingContexts: [], subschema: undefined }
  return {
    kind: kindOf(entry),
    controls: new Set(text(entry, 'supportedControl')),
    namingContexts: text(entry, 'namingContexts'),
    subschema: first(entry, 'subschemaSubentry'),
  }
}

/** The server's schema; undefined when the account may not read it. */
export async function readServerSchema(
  pool: Operations,
  dn: string | undefined,
): Promise<Schema | undefined> {
  if (dn === undefined) return undefined
  const attributes = ['attributeTypes', 'objectClasses', 'ldapSyntaxes']
  try {
    const entry = await pool.read(dn, { attributes })
    return entry === undefined || entry.attributes.size === 0 ? undefined : readSchema(entry)
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

/** The innermost naming context that holds the entry, else the entry itself. */
export function namingContextOf({ namingContexts }: ServerFacts, dn: string): string {
  const around = namingContexts.filter((context) => isWithin(dn, context))
  return around.toSorted((one, other) => other.length - one.length)[0] ?? dn
}
