/**
 * A password on its way through messages. The bytes are in a private field, so that `inspect`, JSON and string
 * conversion of whatever holds it show nothing.
 */
export class Secret {
  readonly #bytes: Buffer

  constructor(value: string | Buffer) {
    this.#bytes = typeof value === 'string' ? Buffer.from(value) : value
  }

  get empty(): boolean {
    return this.#bytes.length === 0
  }

  /** The bytes themselves: for the wire and for a comparison, nowhere else. */
  reveal(): Buffer {
    return this.#bytes
  }
}
