import { hexText } from './bytes.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export const StringUtils = {
  /** Lower-case hexadecimal of what the base64 text stands for. */
  Base64toBase16(text) {
    const bytes = []
    let bits = 0
    let held = 0
    for (const character of text) {
      const value = alphabet.indexOf(character)
      if (value < 0) continue
      held = ((held << 6) | value) & 0xffff
      bits += 6
      if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff)
    }
    return hexText(bytes)
  },
}
