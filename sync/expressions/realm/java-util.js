import { fromBase64, toBase64 } from './base64.js'
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
    getEncoder: () => ({
      encodeToString: (bytes) => toBase64(bytes),
      encode: (bytes) => latin1Bytes(toBase64(bytes)),
    }),
    getDecoder: () => ({
      decode: (given) => fromBase64(typeof given === 'string' ? given : utf8Text(given)),
    }),
  },
  'java.util.regex.Pattern': Pattern,
  'java.text.SimpleDateFormat': SimpleDateFormat,
  'java.text.Normalizer': {
    Form: { NFC: 'NFC', NFD: 'NFD', NFKC: 'NFKC', NFKD: 'NFKD' },
    normalize: (text, form) => String(text).normalize(form),
  },
}
