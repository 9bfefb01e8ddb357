/** What the outside lends to the realm. Only texts, numbers and bytes pass; a failure reaches the script as an Error with its message. */
export type Host = {
  /** Values of an attribute (lower-cased) of the batch's entry, as JSON: texts, and null for each that is bytes. Sides: 0 source, 1 destination. */
  ask(entry: number, side: number, attribute: string): string
  bytes(entry: number, side: number, attribute: string, index: number): Uint8Array
  /** Lower-cased names of the attributes that have values, as JSON. */
  names(entry: number, side: number): string
  /** Takes bytes that a script gave; the result names them by the number. */
  keep(bytes: Uint8Array): number
  random(length: number): Uint8Array
  hash(algorithm: string, text: string): string
  encrypt(text: string): string
  decrypt(base64: string): string
  lmHash(password: string): string
  ntHash(password: string): string
  /** Reads of a directory: request and answer are JSON. The script waits, nothing else does. Null: this task reads none. */
  readonly read: ((request: string) => Promise<string>) | null
}
