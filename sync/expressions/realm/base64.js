const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toBase64(bytes) {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const held = (bytes[index] << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => alphabet[(held >> shift) & 63]).join('')
    text += digits.slice(0, Math.min(bytes.length - index, 3) + 1).padEnd(4, '=')
  }
  return text
}

/** What is no digit is passed over. */
export function fromBase64(text) {
  const bytes = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) continue
    held = ((held << 6) | digit) & 0xffff
    bits += 6
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff)
  }
  return Uint8Array.from(bytes)
}
