import {
  haveSameBytes,
  type PackedAttributes,
  scanNames,
  scanValues,
} from '../../../src/ldap/attribute-scan.ts'
import type { SyncRecord, Value, Values } from '../../record.ts'
import { NO_VALUES } from '../../record.ts'

/** What the records of one side have in common. */
export type RecordKind = {
  /** Lower-cased attribute of the immutable id. */
  readonly idAttribute: string
  idOf(value: Buffer): string
  isBinary(attribute: string): boolean
}

/**
 * An entry that stays the bytes in which it came: a side of a million entries is kept whole in memory, and most of its values are looked at once or
 * never. Nothing is remembered between two questions.
 */
export class LdapRecord implements SyncRecord {
  readonly name: string
  readonly #kind: RecordKind
  readonly #buffer: Buffer
  readonly #start: number
  readonly #end: number

  constructor(name: string, kind: RecordKind, { buffer, start, end }: PackedAttributes) {
    this.name = name
    this.#kind = kind
    this.#buffer = buffer
    this.#start = start
    this.#end = end
  }

  /** The DN where the server gives no id: its renames are then a delete and an add. */
  get id(): string {
    let id: string | undefined
    scanValues(this.#packed, this.#kind.idAttribute, (start, end) => {
      id ??= this.#kind.idOf(this.#buffer.subarray(start, end))
    })
    return id ?? this.name.toLowerCase()
  }

  names(): readonly string[] {
    const { idAttribute } = this.#kind
    return scanNames(this.#packed)
      .map(plainName)
      .filter((name) => name !== idAttribute)
  }

  values(attribute: string): Values {
    const name = plainName(attribute)
    const isBinary = this.#kind.isBinary(attribute)
    const values: Value[] = []
    scanValues(this.#packed, name, (start, end) => {
      if (start === end) return
      values.push(isBinary ? this.#buffer.subarray(start, end) : this.#buffer.toString('utf8', start, end))
    })
    return values.length === 0 ? NO_VALUES : values
  }

  hasSame(attribute: string, other: SyncRecord, otherAttribute: string): boolean {
    if (!(other instanceof LdapRecord)) return false
    return haveSameBytes(this.#packed, plainName(attribute), other.#packed, plainName(otherAttribute))
  }

  get #packed(): PackedAttributes {
    return { buffer: this.#buffer, start: this.#start, end: this.#end }
  }
}

/** Lower-cased, and without the option that only says how certificates are transferred. */
export function plainName(attribute: string): string {
  const name = attribute.toLowerCase()
  return name.endsWith(BINARY) ? name.slice(0, -BINARY.length) : name
}

const BINARY = ';binary'
