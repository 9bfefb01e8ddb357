/** `texts` is there when the values can be decoded without a detour over `values`: in entries that came from a search. */
export type Attribute = {
  readonly name: string
  readonly values: readonly Buffer[]
  readonly texts?: string[]
}

/** An entry as the directory holds it: raw bytes, attributes by lower-cased name with options (`cn;lang-fr`). */
export type Entry = { readonly dn: string; readonly attributes: ReadonlyMap<string, Attribute> }

/** The values as text, `[]` when there are none. */
export function text(entry: Entry, name: string): string[] {
  const attribute = entry.attributes.get(name.toLowerCase())
  return attribute?.texts ?? attribute?.values.map((value) => value.toString('utf8')) ?? []
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

/** Every form of an attribute that the entry has: `cn` finds `cn` and `cn;lang-fr`, `member` finds `member;range=0-1499`. */
export function withOptions(entry: Entry, name: string): Attribute[] {
  const plain = name.toLowerCase()
  const forms = [...entry.attributes].filter(([key]) => key === plain || key.startsWith(`${plain};`))
  return forms.map(([, attribute]) => attribute)
}

/** The values in the form that the directory's schema gives them, for callers that do not know the attribute beforehand. */
export function typedValues(
  entry: Entry,
  name: string,
  schema: { isBinary(attribute: string): boolean },
): { binary: true; values: Buffer[] } | { binary: false; values: string[] } {
  return schema.isBinary(name)
    ? { binary: true, values: bytes(entry, name) }
    : { binary: false, values: text(entry, name) }
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
