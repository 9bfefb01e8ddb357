/** The bytes of a key of the configuration, written in hexadecimal, base64url or base64. Undefined for other text. */
export function decodeKey(text: string): Buffer | undefined {
  if (/^(?:[\da-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined
}

/** Why the text is no key; undefined for a good one. */
export function keyFault(text: string): string | undefined {
  const bytes = decodeKey(text)
  if (bytes === undefined) return 'hexadecimal or base64url'
  if (bytes.length !== 32) return '32 bytes, as `openssl rand -hex 32` makes them'
  return isPattern(bytes)
    ? 'random bytes, as `openssl rand -hex 32` makes them: these are a pattern'
    : undefined
}

/** Keys that examples are full of: one byte or a few repeated, bytes that count up or down, and words. */
function isPattern(bytes: Buffer): boolean {
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0)))
  // 32 random bytes have 30 or so different values, and are all printable once in 10^14.
  return new Set(bytes).size < 16 || steps.size <= 2 || bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
}
