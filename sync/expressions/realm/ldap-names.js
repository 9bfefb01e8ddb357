import { latin1Bytes, utf8Text } from './bytes.js'
import { escapeRdn } from './dn.js'
import { ArrayList } from './java-collections.js'

/** javax.naming.ldap.Rdn, of one type and value. */
export class Rdn {
  #type
  #value
  constructor(type, value) {
    if (value === undefined) {
      const [, name, escaped] = /^\s*([^=]+?)\s*=\s*(.*)$/s.exec(String(type)) ?? []
      if (name === undefined) throw new TypeError('an RDN has the form type=value')
      this.#type = name
      this.#value = unescapeValue(escaped)
    } else {
      this.#type = String(type)
      this.#value = value
    }
  }
  static escapeValue(value) {
    return escapeRdn(value)
  }
  static unescapeValue(text) {
    return unescapeValue(String(text))
  }
  getType() {
    return this.#type
  }
  getValue() {
    return this.#value
  }
  equals(other) {
    return other instanceof Rdn && this.toString().toLowerCase() === other.toString().toLowerCase()
  }
  toString() {
    return `${this.#type}=${escapeRdn(this.#value)}`
  }
}

/** javax.naming.ldap.LdapName: RDNs are counted from the right, as in Java. */
export class LdapName {
  /** From the right. */
  #rdns
  constructor(given) {
    this.#rdns = Array.isArray(given) ? given.map((rdn) => String(rdn)) : splitDn(String(given)).toReversed()
  }
  size() {
    return this.#rdns.length
  }
  isEmpty() {
    return this.#rdns.length === 0
  }
  get(index) {
    if (!(index in this.#rdns)) throw new RangeError(`there is no RDN ${index}`)
    return this.#rdns[index]
  }
  getRdn(index) {
    return new Rdn(this.get(index))
  }
  getRdns() {
    return new ArrayList(this.#rdns.map((rdn) => new Rdn(rdn)))
  }
  /** The rightmost `count` RDNs. */
  getPrefix(count) {
    return new LdapName(this.#rdns.slice(0, count))
  }
  getSuffix(from) {
    return new LdapName(this.#rdns.slice(from))
  }
  add(...given) {
    if (given.length === 2) this.#rdns.splice(given[0], 0, String(given[1]))
    else this.#rdns.push(String(given[0]))
    return this
  }
  remove(index) {
    return this.#rdns.splice(index, 1)[0]
  }
  startsWith(other) {
    return isStart(rdnsOf(other), this.#rdns)
  }
  endsWith(other) {
    return isStart(rdnsOf(other).toReversed(), this.#rdns.toReversed())
  }
  equals(other) {
    return this.toString().toLowerCase() === String(other).toLowerCase()
  }
  toString() {
    return this.#rdns.toReversed().join(',')
  }
}

/** RDNs of a DN from the left, as they are written, without the spaces around them. */
export function splitDn(text) {
  const rdns = text.match(/(?:\\.|"(?:\\.|[^"\\])*"|[^,;\\"])+/gs) ?? []
  return rdns.map((rdn) => rdn.trim().replace(/\s*=\s*/, '=')).filter((rdn) => rdn !== '')
}

function rdnsOf(name) {
  return splitDn(String(name)).toReversed()
}

function isStart(part, whole) {
  return part.every((rdn, index) => rdn.toLowerCase() === whole[index]?.toLowerCase())
}

function unescapeValue(text) {
  if (/^#(?:[0-9a-f]{2})+$/i.test(text))
    return latin1Bytes(text.slice(1).replace(/../g, (pair) => character(pair)))
  const bare = text.replace(/^"(.*)"$/s, '$1')
  return bare.replace(/(?:\\[0-9a-f]{2})+|\\(.)/gis, (escapes, other) =>
    other === undefined
      ? utf8Text(latin1Bytes(escapes.replace(/\\(..)/g, (_, pair) => character(pair))))
      : other,
  )
}

function character(pair) {
  return String.fromCharCode(Number.parseInt(pair, 16))
}
