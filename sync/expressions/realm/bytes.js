/** Bytes as the text they are in UTF-8; each byte as a character where they are none. */
export function utf8Text(bytes) {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  try {
    return decodeURIComponent(escape(text))
  } catch {
    return text
  }
}

export function utf8Bytes(text) {
  return latin1Bytes(unescape(encodeURIComponent(text)))
}

export function latin1Bytes(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function utf16leBytes(text) {
  const bytes = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    bytes[2 * index] = code & 0xff
    bytes[2 * index + 1] = code >> 8
  }
  return bytes
}

export function hexText(bytes) {
  return Array.from(bytes, (byte) => (byte & 0xff).toString(16).padStart(2, '0')).join('')
}
