import { fromBase64 } from './base64.js'
import { hexText } from './bytes.js'

export const StringUtils = {
  /** Lower-case hexadecimal of what the base64 text stands for. */
  Base64toBase16: (text) => hexText(fromBase64(text)),
}
