import { bytes } from '../../../src/ldap/entry.ts'
import type { Modification } from '../../plan/change.ts'
import type { Value } from '../../record.ts'
import type { LdapSide } from './ldap-side.ts'

/**
 * slapd refuses to add or delete single values of an attribute that has no equality rule (`jpegPhoto`, result 18). Such modifications become one
 * replacement, from what the entry has now.
 */
export async function comparable(
  side: LdapSide,
  name: string,
  modifications: readonly Modification[],
): Promise<readonly Modification[]> {
  const isIncomparable = ({ operation, attribute, values }: Modification): boolean =>
    operation !== 'replace' && values.length > 0 && !side.rules.of(attribute).isComparable
  const attributes = new Set(modifications.filter(isIncomparable).map(({ attribute }) => attribute))
  if (attributes.size === 0) return modifications
  const entry = await side.pool.read(name, { attributes: [...attributes] })
  const replacements = [...attributes].map((attribute): Modification => {
    const key = (value: Value): string => side.rules.of(attribute).key(value)
    const left = new Map<string, Value>()
    for (const value of entry === undefined ? [] : bytes(entry, attribute)) left.set(key(value), value)
    for (const { operation, values, ...rest } of modifications) {
      if (rest.attribute !== attribute) continue
      if (operation === 'replace' || values.length === 0) left.clear()
      for (const value of values)
        if (operation === 'delete') left.delete(key(value))
        else left.set(key(value), value)
    }
    return { operation: 'replace', attribute, values: [...left.values()] }
  })
  return [...modifications.filter(({ attribute }) => !attributes.has(attribute)), ...replacements]
}
