/** Text, or bytes where the attribute is binary: which of them is the connector's to know, never the value's. */
export type Value = string | Buffer
export type Values = readonly Value[]

export const NO_VALUES: Values = []

/** One entry, row or line of a side, as the engine sees it. Names of attributes are asked for in any case. */
export interface SyncRecord {
  /** What people call it: the DN of an entry, the key of a row. */
  readonly name: string
  /** What identifies it for ever: entryUUID, objectGUID, nsUniqueId, the key of a row. */
  readonly id: string
  /** Lower-cased names of the attributes that have values. */
  names(): readonly string[]
  /** In the order of the side; `NO_VALUES` when there are none. Empty strings are no values. */
  values(attribute: string): Values
  /** True: an attribute of another record surely has the same values as this one's, some. Spares looking at them, where a kind of record can tell. */
  hasSame?(attribute: string, other: SyncRecord, otherAttribute: string): boolean
}

/** What a record holds, by lower-cased name; a copy. */
export function attributesOf(record: SyncRecord): Map<string, Values> {
  return new Map(record.names().map((name) => [name, record.values(name)]))
}

/** A record from plain data, attributes by lower-cased name. */
export function makeRecord(
  name: string,
  attributes: ReadonlyMap<string, Values>,
  id: string = name,
): SyncRecord {
  return {
    name,
    id,
    names: () => [...attributes.keys()],
    values: (attribute) => attributes.get(attribute) ?? attributes.get(attribute.toLowerCase()) ?? NO_VALUES,
  }
}
