import type { Entry } from '../../ldap/entry.ts'
import type { LdifChange } from '../../ldap/ldif.ts'
import type { Change } from '../../ldap/update-message.ts'

/**
 * What makes `after` of `before`, as whole attributes: replaying it twice gives the same. Attributes are compared by
 * identity: an unchanged one is the same object.
 */
export function differences(before: Entry, after: Entry): LdifChange[] {
  const changes: Change<Buffer>[] = []
  for (const [key, { name, values }] of after.attributes) {
    if (before.attributes.get(key)?.values !== values)
      changes.push({ operation: 'replace', attribute: name, values: [...values] })
  }
  for (const [key, { name }] of before.attributes) {
    if (!after.attributes.has(key)) changes.push({ operation: 'replace', attribute: name, values: [] })
  }
  return changes.length > 0 ? [{ type: 'modify', dn: before.dn, changes }] : []
}

/** The entry with these attributes set; one without values goes. */
export function withAttributes(
  entry: Entry,
  given: Iterable<{ name: string; values: readonly Buffer[] }>,
): Entry {
  const attributes = new Map(entry.attributes)
  for (const attribute of given) {
    if (attribute.values.length === 0) attributes.delete(attribute.name.toLowerCase())
    else attributes.set(attribute.name.toLowerCase(), attribute)
  }
  return { dn: entry.dn, attributes }
}
