import { attributeRules } from '../../sync/connectors/ldap/attribute-rules.ts'
import { ldapComparison } from '../../sync/connectors/ldap/ldap-comparison.ts'
import type { Destination } from '../../sync/connectors/connector.ts'
import { memoryDestination } from '../../sync/connectors/memory/memory-destination.ts'
import { makeRecord, type SyncRecord } from '../../sync/record.ts'

/** As OpenLDAP compares. */
export const comparison = ldapComparison(
  attributeRules(undefined, 'openldap', new Set()),
  undefined,
  'openldap',
)

export const peopleBase = 'ou=people,dc=example,dc=org'

/** A person by `uid`, whose id is `id`. */
export function person(id: string, attributes: Readonly<Record<string, string>>): SyncRecord {
  const values = Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), [value]] as const)
  return makeRecord(`uid=${attributes['uid']},${peopleBase}`, new Map(values), id)
}

export function peopleIn(records: readonly SyncRecord[]): Destination {
  return memoryDestination(records, comparison)
}

/** One attribute of everybody's, by id. */
export async function valuesIn(side: Destination, attribute: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const record of side.read({ attributes: 'all' }))
    found[record.id] = record.values(attribute).join()
  return found
}
