import { generalizedTime } from './date.js'

/**
 * What a script gave, as values: nothing for null, undefined and ''; each element of a list or a set; bytes as they are; numbers and booleans as text.
 * Throws for what is no value, rather than write `[object Object]` into a directory.
 */
export function toValues(given, host) {
  if (typeof given === 'string') return given === '' ? [] : [given]
  const values = []
  collect(given, host, values)
  return values
}

/** JavaScript's truth, as the values of a condition: `[]` or `['true']`. */
export function toCondition(given) {
  return given ? ['true'] : []
}

/** One text, or none. A list gives its first. */
export function toText(given, host) {
  const [value] = toValues(given, host)
  if (value === undefined) return []
  if (typeof value !== 'string') throw new TypeError('bytes where a text is wanted')
  return [value]
}

function collect(given, host, values) {
  switch (typeof given) {
    case 'string':
      if (given !== '') values.push(given)
      return
    case 'number':
    case 'boolean':
    case 'bigint':
      values.push(String(given))
      return
    case 'undefined':
      return
    case 'object':
      if (given !== null) collectObject(given, host, values)
      return
    default:
      throw new TypeError(`a ${typeof given} is not a value`)
  }
}

function collectObject(given, host, values) {
  if (given instanceof Uint8Array) {
    if (given.length > 0) values.push(host.keep(given.slice().buffer))
  } else if (given instanceof ArrayBuffer) collectObject(new Uint8Array(given), host, values)
  else if (given instanceof String || given instanceof Number || given instanceof Boolean)
    collect(given.valueOf(), host, values)
  else if (given instanceof Date) values.push(generalizedTime(given))
  else if (typeof given[Symbol.iterator] === 'function' && !(given instanceof Map)) {
    for (const element of given) collect(element, host, values)
  } else throw new TypeError('an object is not a value')
}
