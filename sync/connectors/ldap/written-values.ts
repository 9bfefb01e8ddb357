import { rdnOf } from '../../../src/ldap/dn.ts'
import type { Change as LdapChange, Value as LdapValue } from '../../../src/ldap/update-message.ts'
import type { Change, Modification } from '../../plan/change.ts'
import type { Value, Values } from '../../record.ts'
import type { LdapSide } from './ldap-side.ts'
import { plainName } from './ldap-record.ts'

/** Values of one modify at most: Active Directory refuses a few thousand, and others answer nobody else meanwhile. */
const MOST_VALUES = 1_000

/** Certificates and the like are transferred by this option only (RFC 4522, 4523). */
const WITH_BINARY: ReadonlySet<string> = new Set(
  [8, 9, 10, 49].map((arc) => `1.3.6.1.4.1.1466.115.121.1.${arc}`),
)

/** What an add sends: the values of the RDN too, which slapd wants to see among the others. */
export function newEntry(
  side: LdapSide,
  { name, attributes }: Extract<Change, { kind: 'create' }>,
): Record<string, LdapValue[]> {
  const entry: Record<string, LdapValue[]> = {}
  for (const [attribute, values] of attributes)
    if (values.length > 0) entry[writtenName(side, attribute)] = written(side, attribute, values)
  for (const { attribute, value } of rdnOf(name)) {
    const { key, type } = side.rules.of(attribute)
    const aliases = new Set((type?.names ?? [attribute]).map((alias) => alias.toLowerCase()))
    const there = Object.keys(entry).find((given) => aliases.has(given.toLowerCase())) ?? attribute
    const values = (entry[there] ??= [])
    const wanted = key(value)
    if (!values.some((one) => key(one) === wanted)) values.push(value)
  }
  return entry
}

/** The modifications as modifies, each of a size that servers take. */
export function modifySteps(side: LdapSide, modifications: readonly Modification[]): LdapChange[][] {
  const steps: LdapChange[][] = []
  let step: LdapChange[] = []
  let room = MOST_VALUES
  const close = (): void => {
    if (step.length > 0) steps.push(step)
    step = []
    room = MOST_VALUES
  }
  for (const { operation, attribute, values } of modifications) {
    const name = writtenName(side, attribute)
    const all = written(side, attribute, values)
    if (all.length > room) close()
    let from = 0
    do {
      const part = all.slice(from, from + MOST_VALUES)
      // Behind the first part of a replacement the others are added.
      step.push({
        operation: operation === 'replace' && from > 0 ? 'add' : operation,
        attribute: name,
        values: part,
      })
      room -= part.length
      from += MOST_VALUES
      if (from < all.length) close()
    } while (from < all.length)
  }
  close()
  return steps
}

function writtenName({ rules }: LdapSide, attribute: string): string {
  const isCertificate = WITH_BINARY.has(rules.of(attribute).type?.syntax ?? '')
  return isCertificate ? `${plainName(attribute)};binary` : attribute
}

function written({ product }: LdapSide, attribute: string, values: Values): LdapValue[] {
  const isPassword = product.kind === 'active-directory' && attribute.toLowerCase() === 'unicodepwd'
  return isPassword ? values.map(quoted) : [...values]
}

/** A password is written in quotes and UTF-16LE (MS-ADTS, 3.1.1.3.1.5); whoever gives bytes has done that. */
function quoted(value: Value): Buffer {
  return typeof value === 'string' ? Buffer.from(`"${value}"`, 'utf16le') : value
}
