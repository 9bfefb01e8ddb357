import { randomUUID } from 'node:crypto'
import type { Attribute, Entry } from '../../ldap/entry.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'

/** One attribute from text. */
export function attribute(name: string, ...values: readonly string[]): Attribute {
  return { name, values: values.map((value) => Buffer.from(value)) }
}

/** The attributes by which a directory says when and by whom an entry was made. Those that it has already stay. */
export function stampNew(entry: Entry, by: string, now: Date): Entry {
  const time = formatGeneralizedTime(now)
  const stamps = [
    attribute('entryUUID', randomUUID()),
    attribute('creatorsName', by),
    attribute('createTimestamp', time),
    attribute('modifiersName', by),
    attribute('modifyTimestamp', time),
  ].map((stamp) => [stamp.name.toLowerCase(), stamp] as const)
  return { dn: entry.dn, attributes: new Map([...stamps, ...entry.attributes]) }
}

/** The attributes that say who changed it last. */
export function stampChanged(by: string, now: Date): Attribute[] {
  return [attribute('modifiersName', by), attribute('modifyTimestamp', formatGeneralizedTime(now))]
}
