import type { PackedAttributes } from '../../../src/ldap/attribute-scan.ts'
import type { Attribute, Entry } from '../../../src/ldap/entry.ts'
import type { Operations } from '../../../src/ldap/operations.ts'

/** `member;range=0-1499`, and of the last part `member;range=1500-*` (MS-ADTS, 3.1.1.3.1.3.3). */
const RANGED = /^(.+);range=(\d+)-(\d+|\*)$/i

/** Whether Active Directory gave only the first values of an attribute. */
export function hasRanges({ buffer, start, end }: PackedAttributes): boolean {
  return buffer.subarray(start, end).includes(';range=')
}

/** The entry with every value of its ranged attributes under their plain names; undefined when it is gone. */
export async function completeRanges(pool: Operations, entry: Entry): Promise<Entry | undefined> {
  const attributes = new Map<string, Attribute>()
  for (const [key, attribute] of entry.attributes) {
    if (RANGED.test(key) || !attributes.has(key)) {
      const whole = await wholeAttribute(pool, entry.dn, attribute)
      if (whole === undefined) return undefined
      attributes.set(whole.name.toLowerCase(), whole)
    }
  }
  return { dn: entry.dn, attributes }
}

async function wholeAttribute(
  pool: Operations,
  dn: string,
  attribute: Attribute,
): Promise<Attribute | undefined> {
  const [, name, , last] = RANGED.exec(attribute.name) ?? []
  if (name === undefined) return attribute
  const values = [...attribute.values]
  for (let end = last; end !== '*' && end !== undefined;) {
    const wanted = `${name};range=${Number(end) + 1}-*`
    const entry = await pool.read(dn, { attributes: [wanted] })
    if (entry === undefined) return undefined
    const next = [...entry.attributes.values()].find((one) => RANGED.test(one.name))
    if (next === undefined) break // it has shrunk meanwhile
    values.push(...next.values)
    end = RANGED.exec(next.name)?.[3]
  }
  return { name, values }
}
