import { BerReader, OCTET_STRING, SEQUENCE, SET } from './ber-reader.ts'
import type { Control } from './control.ts'
import type { Attribute, Entry } from './entry.ts'

/** An entry as a search returns it, with the controls that came with it: post-read, Sync State, entry change. */
export type FoundEntry = Entry & { readonly controls: readonly Control[] }

/**
 * An entry that is a view of the message that brought it. A bulk read looks at few attributes of many entries, so
 * names and values become objects only when they are asked for. The structure was checked when the message was decoded.
 */
export class WireEntry implements FoundEntry {
  readonly dn: string
  readonly controls: readonly Control[]
  /** The attributes as they came (RFC 4511, PartialAttributeList) are `buffer[start, end)`: for who keeps many entries and no objects of them. */
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  #attributes: Map<string, Attribute> | undefined

  constructor(dn: string, buffer: Buffer, start: number, end: number, controls: readonly Control[]) {
    this.dn = dn
    this.controls = controls
    this.buffer = buffer
    this.start = start
    this.end = end
  }

  get attributes(): ReadonlyMap<string, Attribute> {
    this.#attributes ??= readAttributes(new BerReader(this.buffer, this.start, this.end))
    return this.#attributes
  }
}

class WireAttribute implements Attribute {
  readonly name: string
  readonly #buffer: Buffer
  readonly #start: number
  readonly #end: number

  constructor(name: string, buffer: Buffer, start: number, end: number) {
    this.name = name
    this.#buffer = buffer
    this.#start = start
    this.#end = end
  }

  get values(): readonly Buffer[] {
    const reader = new BerReader(this.#buffer, this.#start, this.#end)
    const values: Buffer[] = []
    while (reader.more) values.push(reader.bytes(OCTET_STRING))
    return values
  }

  get texts(): string[] {
    const reader = new BerReader(this.#buffer, this.#start, this.#end)
    const texts: string[] = []
    while (reader.more) texts.push(reader.text(OCTET_STRING))
    return texts
  }
}

function readAttributes(reader: BerReader): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>()
  while (reader.more) {
    const outer = reader.enter(SEQUENCE)
    const name = reader.text()
    const length = reader.header(SET)
    attributes.set(
      name.toLowerCase(),
      new WireAttribute(name, reader.buffer, reader.offset, reader.offset + length),
    )
    reader.offset += length
    reader.leave(outer)
  }
  return attributes
}

/** Checks the structure of the attributes up to the reader's end, and moves there. */
export function checkAttributes(reader: BerReader): void {
  while (reader.more) {
    const attribute = reader.enter(SEQUENCE)
    reader.skip(OCTET_STRING)
    const values = reader.enter(SET)
    while (reader.more) reader.skip(OCTET_STRING)
    reader.leave(values)
    reader.leave(attribute)
  }
}
