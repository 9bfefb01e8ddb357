import { normalizeDn } from '../../../src/ldap/dn.ts'
import type { Schema } from '../../../src/ldap/schema.ts'

/** One RDN with nothing escaped in it, and what follows its comma. */
const FIRST = /^([^\\",+;<>#]+),(.+)$/s
const MOST_PARENTS = 10_000

/**
 * A DN as a key, as `normalizeDn` gives it. Groups name thousands of entries of few branches: a branch is normalised once. A text that is no DN is its
 * own key.
 */
export function dnKeys(schema: Schema | undefined): (text: string) => string {
  const parents = new Map<string, string>()
  const whole = (text: string): string => {
    try {
      return normalizeDn(text, schema)
    } catch {
      return text
    }
  }
  const parentKey = (text: string): string => {
    let key = parents.get(text)
    if (key === undefined) {
      if (parents.size >= MOST_PARENTS) parents.clear()
      parents.set(text, (key = whole(text)))
    }
    return key
  }
  return (text) => {
    const found = FIRST.exec(text)
    if (found === null) return whole(text)
    const [, rdn = '', parent = ''] = found
    return `${whole(rdn)},${parentKey(parent)}`
  }
}
