import { WireEntry, type FoundEntry } from '../../../src/ldap/wire-entry.ts'
import { BerWriter } from '../../../src/ldap/ber-writer.ts'
import { SEQUENCE, SET } from '../../../src/ldap/ber-reader.ts'
import type { Entry } from '../../../src/ldap/entry.ts'
import type { PackedAttributes } from '../../../src/ldap/attribute-scan.ts'
import type { SyncRecord } from '../../record.ts'
import { LdapRecord } from './ldap-record.ts'
import type { LdapSide } from './ldap-side.ts'
import { completeRanges, hasRanges } from './ranged-values.ts'

/** The record of an entry; later when some of its values have to be asked for, and undefined when it was gone by then. */
export function recordOf(side: LdapSide, entry: FoundEntry): SyncRecord | Promise<SyncRecord | undefined> {
  const packed = entry instanceof WireEntry ? entry : pack(entry)
  if (side.product.kind !== 'active-directory' || !hasRanges(packed))
    return new LdapRecord(entry.dn, side.record, packed)
  return completeRanges(side.pool, entry).then(
    (whole) => whole && new LdapRecord(whole.dn, side.record, pack(whole)),
  )
}

/** As a server would send it. */
function pack(entry: Entry): PackedAttributes {
  const writer = new BerWriter()
  for (const { name, values } of entry.attributes.values()) {
    const attribute = writer.begin(SEQUENCE)
    writer.text(name)
    const set = writer.begin(SET)
    for (const value of values) writer.bytes(value)
    writer.end(set)
    writer.end(attribute)
  }
  const buffer = writer.take()
  return { buffer, start: 0, end: buffer.length }
}
