import { latin1Bytes, utf16leBytes, utf8Bytes, utf8Text } from './bytes.js'

/** Java's way to write a regular expression, as JavaScript's. */
export function javaRegExp(source, flags = 'g') {
  const insensitive = source.startsWith('(?i)')
  let isInClass = false
  const text = source.slice(insensitive ? 4 : 0).replace(/\\p\{(\w+)\}|\\.|[[\]]/gs, (token, name) => {
    if (token === '[') isInClass = true
    else if (token === ']') isInClass = false
    if (name === undefined || !Object.hasOwn(classes, name)) return token
    return isInClass ? classes[name] : `[${classes[name]}]`
  })
  return new RegExp(text, flags + (insensitive ? 'i' : '') + (/\\p\{/.test(text) ? 'u' : ''))
}

const classes = {
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Lower: 'a-z',
  Upper: 'A-Z',
  Punct: '!-/:-@[-`{-~',
  Space: '\\s',
}

/** What Java's strings have and JavaScript's have not. */
const methods = {
  equals(other) {
    return typeof other?.valueOf() === 'string' && this.valueOf() === other.valueOf()
  },
  equalsIgnoreCase(other) {
    return typeof other?.valueOf() === 'string' && this.toLowerCase() === other.toLowerCase()
  },
  contains(part) {
    return this.includes(part)
  },
  isEmpty() {
    return this.length === 0
  },
  isBlank() {
    return this.trim() === ''
  },
  matches(expression) {
    return javaRegExp(`^(?:${expression})$`, '').test(this)
  },
  replaceFirst(expression, replacement) {
    return this.replace(javaRegExp(expression, ''), javaReplacement(replacement))
  },
  /** By a regular expression, as Java; JavaScript takes a text literally. One character alone is literal here too: nobody means "every character" by ".". */
  replaceAll(searched, replacement) {
    if (typeof searched !== 'string' || typeof replacement === 'function')
      return replaceAllOfJs.call(this, searched, replacement)
    if (searched.length === 1) return this.split(searched).join(String(replacement).replace(/\\(.)/g, '$1'))
    return this.replace(javaRegExp(searched), javaReplacement(replacement))
  },
  compareTo(other) {
    return this < other ? -1 : Number(this > other)
  },
  compareToIgnoreCase(other) {
    return methods.compareTo.call(this.toLowerCase(), other.toLowerCase())
  },
  getBytes(charset) {
    return bytesIn(this.valueOf(), charset ?? 'UTF-8')
  },
  toCharArray() {
    return this.split('')
  },
  hashCode() {
    let hash = 0
    for (let index = 0; index < this.length; index++) hash = (31 * hash + this.charCodeAt(index)) | 0
    return hash
  },
  strip() {
    return this.trim()
  },
  intern() {
    return this.valueOf()
  },
}

const replaceAllOfJs = String.prototype.replaceAll

function javaReplacement(text) {
  return String(text).replace(/\\(.)/g, (_, character) => (character === '$' ? '$$' : character))
}

export function bytesIn(text, charset) {
  const name = charset.toUpperCase().replace(/[-_]/g, '')
  if (name === 'UTF8') return utf8Bytes(text)
  if (name === 'UTF16LE' || name === 'UNICODELITTLEUNMARKED') return utf16leBytes(text)
  if (name === 'ISO88591' || name === 'LATIN1' || name === 'USASCII') return latin1Bytes(text)
  throw new RangeError(`the charset ${charset} is not known here`)
}

/** Gives JavaScript's strings, numbers and booleans the methods of Java's. */
export function extendPrimitives() {
  for (const [name, value] of Object.entries(methods)) define(String.prototype, name, value)
  for (const name of ['intValue', 'longValue', 'doubleValue', 'booleanValue']) {
    define(Number.prototype, name, function () {
      return name === 'doubleValue' ? Number(this) : Math.trunc(this)
    })
    define(Boolean.prototype, name, function () {
      return this.valueOf()
    })
  }
  for (const prototype of [Number.prototype, Boolean.prototype]) {
    define(prototype, 'equals', function (other) {
      return this.valueOf() === other?.valueOf()
    })
  }
}

function define(prototype, name, value) {
  Object.defineProperty(prototype, name, { value, writable: true, enumerable: false, configurable: true })
}

/** java.lang.String: `new` of a text or of bytes, and its static methods. */
export function JavaString(given, charset) {
  if (!(given instanceof Uint8Array))
    return wrap(Array.isArray(given) ? given.join('') : String(given ?? ''), new.target)
  const text = /^utf-?8$/i.test(charset ?? 'UTF-8') ? utf8Text(given) : latin1Text(given)
  return wrap(text, new.target)
}
JavaString.prototype = String.prototype
JavaString.valueOf = (given) => String(given)
JavaString.join = (separator, ...parts) => parts.flat().join(separator)
JavaString.format = (pattern, ...values) => {
  let next = 0
  return pattern.replace(/%(0?)(\d*)(?:\.(\d+))?([sdx%])/g, (_, zero, width, _digits, letter) => {
    if (letter === '%') return '%'
    const value = values.flat()[next++]
    const text = letter === 'x' ? Number(value).toString(16) : String(value)
    return text.padStart(Number(width), zero === '0' ? '0' : ' ')
  })
}

function latin1Text(bytes) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

// A primitive would be left out by `new`.
function wrap(text, target) {
  return target === undefined ? text : Object(text)
}
