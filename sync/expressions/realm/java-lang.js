import { BatchDate } from './date.js'
import { JavaString } from './java-strings.js'

function parseWhole(text, radix = 10) {
  const trimmed = String(text)
  const number = Number.parseInt(trimmed, radix)
  if (!/^[+-]?[0-9a-z]+$/i.test(trimmed) || Number.isNaN(number))
    throw new TypeError('a whole number is wanted')
  return number
}

const Whole = {
  parseInt: parseWhole,
  parseLong: parseWhole,
  valueOf: (given) => (typeof given === 'number' ? given : parseWhole(given)),
  toString: (number, radix = 10) => Number(number).toString(radix),
  toHexString: (number) => (Number(number) >>> 0).toString(16),
  toBinaryString: (number) => (Number(number) >>> 0).toString(2),
}

class StringBuilder {
  #text
  constructor(text) {
    this.#text = typeof text === 'number' ? '' : String(text ?? '')
  }
  append(given) {
    this.#text += given
    return this
  }
  insert(index, given) {
    this.#text = this.#text.slice(0, index) + given + this.#text.slice(index)
    return this
  }
  reverse() {
    this.#text = Array.from(this.#text).toReversed().join('')
    return this
  }
  get length() {
    return this.#text.length
  }
  toString() {
    return this.#text
  }
}

class Exception extends Error {
  getMessage() {
    return this.message
  }
}

function silent() {}

/** By full name. What a script prints goes nowhere, and the environment of the process is not its business. */
export const javaLang = {
  'java.lang.String': JavaString,
  'java.lang.Integer': { ...Whole, MAX_VALUE: 2_147_483_647, MIN_VALUE: -2_147_483_648 },
  'java.lang.Long': Whole,
  'java.lang.Double': { parseDouble: Number, valueOf: Number },
  'java.lang.Boolean': { parseBoolean: isTrue, valueOf: isTrue, TRUE: true, FALSE: false },
  'java.lang.Math': Math,
  'java.lang.StringBuilder': StringBuilder,
  'java.lang.StringBuffer': StringBuilder,
  'java.lang.Exception': Exception,
  'java.lang.RuntimeException': Exception,
  'java.lang.IllegalArgumentException': Exception,
  'java.lang.Character': {
    isDigit: (character) => /^\p{Nd}/u.test(character),
    isLetter: (character) => /^\p{L}/u.test(character),
    isLetterOrDigit: (character) => /^[\p{L}\p{Nd}]/u.test(character),
    isWhitespace: (character) => /^\s/.test(character),
    toUpperCase: (character) => character.toUpperCase(),
    toLowerCase: (character) => character.toLowerCase(),
  },
  'java.lang.System': {
    out: { println: silent, print: silent, printf: silent },
    err: { println: silent, print: silent, printf: silent },
    currentTimeMillis: () => BatchDate.now(),
    getProperty: () => null,
    getenv: () => null,
  },
}

function isTrue(given) {
  return String(given).toLowerCase() === 'true'
}
