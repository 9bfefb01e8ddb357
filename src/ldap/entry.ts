export type Attribute = { name: string; values: readonly Buffer[] }

/** An entry as the directory holds it: raw bytes, attributes by lower-cased name with options (`cn;lang-fr`). */
export type Entry = { dn: string; attributes: ReadonlyMap<string, Attribute> }

/** The values as text, `[]` when there are none. */
export function text(entry: Entry, name: string): string[] {
  return bytes(entry, name).map((value) => value.toString('utf8'))
}

/** The values as they are, `[]` when there are none. */
export function bytes(entry: Entry, name: string): Buffer[] {
  const attribute = entry.attributes.get(name.toLowerCase())
  return attribute ? [...attribute.values] : []
}

/** The first value as text. An attribute is a set: meant for single-valued ones. */
export function first(entry: Entry, name: string): string | undefined {
  return entry.attributes.get(name.toLowerCase())?.values[0]?.toString('utf8')
}

/** An entry from plain data, for seeds, tests and computed entries. Text becomes UTF-8. */
export function makeEntry(
  dn: string,
  attributes: Readonly<Record<string, string | Buffer | readonly (string | Buffer)[]>>,
): Entry {
  const map = new Map<string, Attribute>()
  for (const [name, given] of Object.entries(attributes)) {
    const list = typeof given === 'string' || Buffer.isBuffer(given) ? [given] : given
    map.set(name.toLowerCase(), { name, values: list.map((value) => Buffer.from(value)) })
  }
  return { dn, attributes: map }
}
