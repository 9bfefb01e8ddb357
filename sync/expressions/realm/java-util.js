import { latin1Bytes, utf8Text } from './bytes.js'
import { BatchDate } from './date.js'
import { ArrayList, Arrays, Collections, HashMap, HashSet, LinkedList } from './java-collections.js'
import { formatJavaDate, parseJavaDate } from './java-date-format.js'
import { javaRegExp } from './java-strings.js'

class SimpleDateFormat {
  #pattern
  constructor(pattern) {
    this.#pattern = pattern
  }
  format(date) {
    return formatJavaDate(date, this.#pattern)
  }
  parse(text) {
    return parseJavaDate(text, this.#pattern)
  }
  setLenient() {}
}

class Matcher {
  #expression
  #text
  #found = null
  constructor(source, text, flags) {
    this.#expression = javaRegExp(source, `g${flags}`)
    this.#text = text
  }
  find() {
    this.#found = this.#expression.exec(this.#text)
    return this.#found !== null
  }
  matches() {
    this.#expression.lastIndex = 0
    return this.find() && this.#found[0] === this.#text
  }
  group(index = 0) {
    return this.#found?.[index] ?? null
  }
  groupCount() {
    return (this.#found?.length ?? 1) - 1
  }
  replaceAll(replacement) {
    return this.#text.replace(this.#expression, replacement)
  }
}

const Pattern = {
  CASE_INSENSITIVE: 2,
  compile: (source, flags = 0) => ({ matcher: (text) => new Matcher(source, text, flags === 2 ? 'i' : '') }),
  matches: (source, text) => text.matches(source),
  quote: (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function toBase64(bytes) {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const held = (bytes[index] << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    for (let place = 0; place < 4; place++) {
      text += index + place - 1 < bytes.length || place < 2 ? alphabet[(held >> (18 - 6 * place)) & 63] : '='
    }
  }
  return text
}

function fromBase64(text) {
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
  return Uint8Array.from(bytes)
}

export const javaUtil = {
  'java.util.ArrayList': ArrayList,
  'java.util.Vector': ArrayList,
  'java.util.LinkedList': LinkedList,
  'java.util.HashSet': HashSet,
  'java.util.LinkedHashSet': HashSet,
  'java.util.HashMap': HashMap,
  'java.util.LinkedHashMap': HashMap,
  'java.util.Hashtable': HashMap,
  'java.util.Arrays': Arrays,
  'java.util.Collections': Collections,
  'java.util.Date': BatchDate,
  'java.util.Base64': {
    getEncoder: () => ({ encodeToString: (bytes) => toBase64(bytes), encode: (bytes) => latin1Bytes(toBase64(bytes)) }),
    getDecoder: () => ({ decode: (given) => fromBase64(typeof given === 'string' ? given : utf8Text(given)) }),
  },
  'java.util.regex.Pattern': Pattern,
  'java.text.SimpleDateFormat': SimpleDateFormat,
  'java.text.Normalizer': {
    Form: { NFC: 'NFC', NFD: 'NFD', NFKC: 'NFKC', NFKD: 'NFKD' },
    normalize: (text, form) => String(text).normalize(form),
  },
}
export { fromBase64, toBase64 }
