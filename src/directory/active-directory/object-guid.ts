/** Bytes that stand in the opposite order in the text: three little-endian numbers at the start (MS-DTYP, 2.3.4.2). */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
const TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** `3f2504e0-4f89-11d3-9a0c-0305e82c3301`, as every tool of Microsoft shows it. */
export function guidText(bytes: Buffer): string {
  const hex = Buffer.from(ORDER.map((index) => bytes.readUInt8(index))).toString('hex')
  return [0, 8, 12, 16, 20].map((start, part) => hex.slice(start, [8, 12, 16, 20, 32][part])).join('-')
}

/** The value of objectGUID; undefined when the text is no GUID. */
export function guidBytes(text: string): Buffer | undefined {
  if (!TEXT.test(text)) return undefined
  const shown = Buffer.from(text.replaceAll('-', ''), 'hex')
  return Buffer.from(ORDER.map((index) => shown.readUInt8(index)))
}
