import { type AttributeName, isAttributeName } from './attribute-name.ts'
import { parseDnText } from './dn-text.ts'
import { hexPairs } from './hex-pairs.ts'
import { prepareExact, prepareIgnoringCase } from './prepare.ts'
import type { Schema } from './schema.ts'

declare const checked: unique symbol

/** A distinguished name that was read or built here, in our spelling. It is a string everywhere else. */
export type Dn = string & { readonly [checked]: true }

/** One `type=value` of an RDN. The value is bytes, without escapes. */
export type Ava = { readonly attribute: string; readonly value: Buffer }
export type Rdn = readonly Ava[]

/** The RDNs of a DN (RFC 4514), the entry's own first; `[]` for the root. Throws LdapSyntaxError. */
export function parseDn(text: string): readonly Rdn[] {
  return parseDnText(text)
}

/** The DN of these RDNs. Escapes what must be and nothing else, so that people can read it. */
export function formatDn(rdns: readonly Rdn[]): Dn {
  const text = rdns.map(formatRdn).join(',')
  markFormed(text)
  return text
}

/** One RDN as text: `cn=Élodie+uid=el`. */
export function formatRdn(rdn: Rdn): string {
  return rdn.map(({ attribute, value }) => `${attribute}=${escapeDnValue(value)}`).join('+')
}

/** Checks a DN that came from outside (configuration, an entry, a request) and spells it our way. Throws LdapSyntaxError. */
export function toDn(text: string): Dn {
  return formatDn(parseDn(text))
}

/**
 * A DN as a key: two DNs that name the same entry give the same string. Case, spaces, escapes, the order inside an RDN
 * and, with a schema, aliases and OIDs of types do not count. For comparing only, never to send.
 */
export function normalizeDn(text: string, schema?: Schema): string {
  return schema === undefined && normal.test(text) ? text : normalizeRdns(parseDn(text), schema)
}

// A key already, as most DNs of a directory are: no capitals, no escapes, nothing that would need one, single inner spaces. Ten times faster.
const normal = /^(?:[a-z][a-z0-9-]*=[!$-*\--:?@[\]-~]+(?: [!$-*\--:?@[\]-~]+)*(?:,(?=[a-z])|$))+$/

/** `normalizeDn` of a DN that is already parsed. */
export function normalizeRdns(rdns: readonly Rdn[], schema?: Schema): string {
  return rdns.map((rdn) => normalizeRdn(rdn, schema)).join(',')
}

/** True when both name the same entry. */
export function sameDn(left: string, right: string, schema?: Schema): boolean {
  return left === right || normalizeDn(left, schema) === normalizeDn(right, schema)
}

/** True for the base itself and everything under it; everything is within the root (`''`). */
export function isWithin(text: string, base: string, schema?: Schema): boolean {
  return isKeyWithin(normalizeDn(text, schema), normalizeDn(base, schema))
}

/** `isWithin` for two results of `normalizeDn`. A comma inside a value is escaped there, so a suffix is an ancestor. */
export function isKeyWithin(key: string, baseKey: string): boolean {
  return baseKey === '' || key === baseKey || key.endsWith(`,${baseKey}`)
}

/** The DN one level up; the root (`''`) for a single RDN, undefined for the root itself. */
export function parentDn(text: string): Dn | undefined {
  const rdns = parseDn(text)
  return rdns.length === 0 ? undefined : formatDn(rdns.slice(1))
}

/** The entry's own RDN, `[]` for the root. */
export function rdnOf(text: string): Rdn {
  return parseDn(text)[0] ?? []
}

/** What may stand in a `dn` template. A string is a value after `=`, an already formed DN between commas. */
export type DnHole = string | Buffer | AttributeName | Dn

/**
 * The only way from values to a DN: dn`uid=${login},${base}`. After `=` a value is escaped whatever it holds. Between
 * commas stands an already formed `Dn` (from `toDn`, `dn` or the directory); the root there adds nothing.
 * A name goes through `attr`. Throws a TypeError for a hole of the wrong kind.
 */
export function dn(strings: TemplateStringsArray, ...holes: readonly DnHole[]): Dn {
  let places = placesOf.get(strings)
  // raw: the escapes of RFC 4514 are not those of JavaScript.
  if (!places) placesOf.set(strings, (places = readPlaces(strings.raw)))
  let text = strings.raw[0] ?? ''
  for (const [index, hole] of holes.entries()) {
    const after = strings.raw[index + 1] ?? ''
    if (places[index] === 'value') text += escapeAnywhere(bytesOf(hole)) + after
    else if (places[index] === 'name') text += nameOf(hole) + after
    else text = joinDn(text, hole, after)
  }
  return toDn(text)
}

type Place = 'value' | 'name' | 'dn'
const placesOf = new WeakMap<TemplateStringsArray, readonly Place[]>()

/** What belongs in each hole, from the fixed text around it: no value has a say. */
function readPlaces(literals: readonly string[]): Place[] {
  let rdn = ''
  return literals.slice(0, -1).map((literal, index) => {
    for (const piece of literal.match(/\\.|,|[^,\\]+/gs) ?? []) rdn = piece === ',' ? '' : rdn + piece
    const isValue = rdn.includes('=')
    rdn += '?'
    if (isValue) return 'value'
    return literals[index + 1]?.trimStart().startsWith('=') ? 'name' : 'dn'
  })
}

/** Escaped so that it means the same wherever it stands: no character is left that means anything in a DN. */
function escapeAnywhere(value: Buffer): string {
  const text = value.toString('utf8')
  return Buffer.from(text).equals(value) ? text.replace(/[^A-Za-z0-9@._-]+/g, hexPairs) : hexPairs(value)
}

function joinDn(before: string, hole: DnHole, after: string): string {
  if (typeof hole !== 'string') throw new TypeError('dn: only a DN belongs between commas')
  const formed = toDn(hole)
  if (formed !== '') return before + formed + after
  return before === '' ? after.replace(/^\s*,/, '') : before.replace(/,\s*$/, '') + after
}

function bytesOf(hole: DnHole): Buffer {
  if (typeof hole === 'string') return Buffer.from(hole)
  if (Buffer.isBuffer(hole)) return hole
  throw new TypeError('dn: only a string or a Buffer is a value')
}

function nameOf(hole: DnHole): string {
  if (typeof hole !== 'object' || Buffer.isBuffer(hole) || !isAttributeName(hole.attribute)) {
    throw new TypeError('dn: a name of an attribute goes through attr()')
  }
  return hole.attribute
}

function normalizeRdn(rdn: Rdn, schema: Schema | undefined): string {
  if (rdn.length === 1 && rdn[0]) return normalizeAva(rdn[0], schema)
  return rdn
    .map((ava) => normalizeAva(ava, schema))
    .toSorted()
    .join('+')
}

function normalizeAva({ attribute, value }: Ava, schema: Schema | undefined): string {
  const type = schema?.attributeType(attribute)
  const name = (type?.names[0] ?? attribute).toLowerCase()
  const text = value.toString('utf8')
  const exact = type?.equality?.startsWith('caseExact') ?? false
  const prepared = exact ? prepareExact(text) : prepareIgnoringCase(text)
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(value)) return `${name}=${hexPairs(value)}`
  // Hexadecimal, never `\,`: isKeyWithin relies on a comma being a separator.
  return `${name}=${prepared.replace(/[,+\\]/g, hexPairs)}`
}

function escapeDnValue(value: Buffer): string {
  const text = value.toString('utf8')
  if (!Buffer.from(text).equals(value)) return hexPairs(value)
  return text
    .replace(/[",+;<>\\]/g, String.raw`\$&`)
    .replace(/\p{Cc}/gu, hexPairs)
    .replace(/^[ #]/, String.raw`\$&`)
    .replace(/(?<!^\\) $/, String.raw`\ `)
}

/** The one place where a string becomes a Dn; nothing to check, it was just written. */
function markFormed(_text: string): asserts _text is Dn {}
