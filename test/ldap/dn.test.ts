import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { attr } from '../../src/ldap/attribute-name.ts'
import {
  dn,
  formatDn,
  isWithin,
  normalizeDn,
  normalizeRdns,
  parentDn,
  parseDn,
  type Rdn,
  rdnOf,
  sameDn,
  toDn,
} from '../../src/ldap/dn.ts'
import { DEFAULT_SCHEMA } from '../../src/ldap/schema.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
  fc
    .string({ unit: fc.constantFrom(' ', ',', '+', '\\', '#', '=', '"', '\0', 'é', 'a') })
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
)
const rdn = fc.array(fc.record({ attribute: fc.constantFrom('cn', 'uid', 'x-a', '2.5.4.3'), value }), {
  minLength: 1,
  maxLength: 3,
})
const rdns: fc.Arbitrary<readonly Rdn[]> = fc.array(rdn, { maxLength: 4 })

const texts = (text: string) =>
  parseDn(text).map((parts) => parts.map((ava) => `${ava.attribute}: ${ava.value.toString()}`))

test.each([
  // RFC 4514, section 4
  ['UID=jsmith,DC=example,DC=net', [['UID: jsmith'], ['DC: example'], ['DC: net']]],
  ['OU=Sales+CN=J.  Smith,DC=example,DC=net', [['OU: Sales', 'CN: J.  Smith'], ['DC: example'], ['DC: net']]],
  [String.raw`CN=James \"Jim\" Smith\, III,DC=net`, [['CN: James "Jim" Smith, III'], ['DC: net']]],
  [String.raw`CN=Before\0dAfter,DC=net`, [['CN: Before\rAfter'], ['DC: net']]],
  ['1.3.6.1.4.1.1466.0=#04024869', [['1.3.6.1.4.1.1466.0: Hi']]],
  [String.raw`CN=Lu\C4\8Di\C4\87`, [['CN: Lučić']]],
  ['', []],
  [' uid = a , dc = b ', [['uid: a'], ['dc: b']]],
  [String.raw`cn=\ lead\20,o=trail\ `, [['cn:  lead '], ['o: trail ']]],
  [String.raw`cn=back\\ ,o=x`, [['cn: back\\'], ['o: x']]],
  ['cn=,o=x', [['cn: '], ['o: x']]],
  ['cn=a=b#c', [['cn: a=b#c']]],
  [String.raw`cn=\#x`, [['cn: #x']]],
])('%j is read', (text, expected) => {
  expect(texts(text)).toEqual(expected)
})

test.each([
  'cn',
  'cn=a,',
  ',cn=a',
  'cn=a;o=b',
  'cn=a"b',
  'cn=a<b',
  String.raw`cn=a\z`,
  String.raw`cn=a\4`,
  'cn=#0g',
  'cn=#04',
  'cn=#04ff61',
])('%j is refused', (text) => {
  expect(() => parseDn(text)).toThrow(LdapSyntaxError)
})

test.each([
  '=x',
  'cn=a+',
  'é=x',
  'cn=a\0',
  'cn=a,,o=b',
  '1=x',
  'cn;=a,o=b,',
  'cn=\\',
  'cn=#84ffffffff61',
  'cn=#0483',
  'cn=#0480',
])('%j is refused too', (text) => {
  expect(() => parseDn(text)).toThrow(LdapSyntaxError)
})

test('every DN survives writing and reading, and its spelling is stable', () => {
  fc.assert(
    fc.property(rdns, (given) => {
      const text = formatDn(given)
      expect(parseDn(text)).toEqual(given)
      expect(toDn(text)).toBe(text)
      expect(normalizeDn(text)).toBe(normalizeDn(text.replaceAll(',', ' , ').replaceAll('\\ , ', '\\,')))
    }),
    { numRuns: 5_000 },
  )
})

test('what needs no escape is written as people write it', () => {
  expect(toDn(String.raw`cn=\c3\89lodie  LEF\C3\88VRE\2c x\=y,dc=a`)).toBe(
    String.raw`cn=Élodie  LEFÈVRE\, x=y,dc=a`,
  )
  expect(formatDn([[{ attribute: 'cn', value: Buffer.from(' ') }]])).toBe(String.raw`cn=\ `)
  expect(formatDn([[{ attribute: 'cn', value: Buffer.from('  #a\0 ') }]])).toBe(String.raw`cn=\  #a\00\ `)
})

test('two spellings of one name are the same', () => {
  for (const [left, right] of [
    ['UID=Alice, OU=People ,DC=acme', 'uid=alice,ou=people,dc=acme'],
    ['cn=Jean  Dupont', 'CN=jean dupont'],
    [String.raw`cn=a\2cb`, String.raw`cn=a\,b`],
    ['cn=a+uid=b', 'uid=B+cn=A'],
    ['cn=#040161', 'cn=a'],
    ['cn=E\u0301lodie', 'cn=élodie'],
  ] as const) {
    expect(sameDn(left, right), left).toBe(true)
  }
  expect(sameDn('cn=élodie', 'cn=elodie')).toBe(false)
  expect(sameDn('cn=a,dc=b', String.raw`cn=a\,dc\=b`)).toBe(false)
})

test('with a schema, aliases, OIDs and case-sensitive attributes count', () => {
  expect(sameDn('commonName=a,2.5.4.11=b', 'CN=a,organizationalUnitName=B', DEFAULT_SCHEMA)).toBe(true)
  expect(sameDn('commonName=a', 'CN=a')).toBe(false)
  expect(sameDn('homeDirectory=/A', 'homeDirectory=/a', DEFAULT_SCHEMA)).toBe(false)
})

test('an entry is within its ancestors, a comma in a value makes none', () => {
  expect(isWithin('uid=a,OU=people,dc=acme', 'ou=People, dc=acme')).toBe(true)
  expect(isWithin('dc=acme', 'dc=acme')).toBe(true)
  expect(isWithin('dc=acme', '')).toBe(true)
  expect(isWithin('dc=acme', 'ou=people,dc=acme')).toBe(false)
  expect(isWithin(String.raw`cn=x\,dc=acme`, 'dc=acme')).toBe(false)
  expect(isWithin('uid=a,xou=people,dc=acme', 'ou=people,dc=acme')).toBe(false)
})

test('a DN has a parent and an RDN', () => {
  expect(parentDn(String.raw`cn=a\,b,dc=acme`)).toBe('dc=acme')
  expect(parentDn('dc=acme')).toBe('')
  expect(parentDn('')).toBeUndefined()
  expect(rdnOf('cn=a+uid=b,dc=acme')).toEqual([
    { attribute: 'cn', value: Buffer.from('a') },
    { attribute: 'uid', value: Buffer.from('b') },
  ])
})

test('no value changes the shape of a DN that is built from it', () => {
  const base = toDn('ou=people,dc=acme')
  fc.assert(
    fc.property(value, value, (one, two) => {
      const built = parseDn(dn`uid=${one}+cn=a ${two}b,${base}`)
      expect(built).toEqual([
        [
          { attribute: 'uid', value: one },
          { attribute: 'cn', value: Buffer.concat([Buffer.from('a '), two, Buffer.from('b')]) },
        ],
        ...parseDn(base),
      ])
    }),
    { numRuns: 10_000 },
  )
})

test('a template takes values, bases and checked names, each in its place', () => {
  const base = toDn('dc=acme')
  expect(dn`uid=${'a,dc=evil'},${base}`).toBe(String.raw`uid=a\,dc=evil,dc=acme`)
  expect(dn`${attr('uid')}=${'x'},ou=people,${base}`).toBe('uid=x,ou=people,dc=acme')
  expect(dn`uid=${'x'},${toDn('')}`).toBe('uid=x')
  expect(dn`${toDn('')},uid=x`).toBe('uid=x')
  expect(dn`${base}`).toBe('dc=acme')
  expect(dn`uid=${base},${base}`).toBe('uid=dc=acme,dc=acme')
  expect(() => dn`${'uid'}=x`).toThrow(TypeError)
  expect(() => dn`uid=${attr('cn')}`).toThrow(TypeError)
  expect(() => dn`uid=x,${Buffer.from('dc=acme')}`).toThrow(TypeError)
  expect(() => dn`uid=x,${'no dn'}`).toThrow(LdapSyntaxError)
})

test('a value as long as a request may be costs no more than its length', () => {
  const long = 'a,'.repeat(20_000)
  const started = performance.now()
  expect(parseDn(dn`uid=${long},ou=${long},${toDn('dc=acme')}`)).toHaveLength(3)
  expect(performance.now() - started).toBeLessThan(1500)
})

test('a DN that looks normal is its own key only when it is, and is read only when it can be', () => {
  const piece = fc.constantFrom(
    'cn',
    'uid',
    'x-1',
    '=',
    '=',
    ',',
    'a',
    'b9',
    ' ',
    '.',
    '-',
    '#',
    '+',
    'A',
    '\\2c',
    ';',
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  const wellFormed = fc
    .array(text, { maxLength: 3 })
    .map((values) => values.map((one) => `ou=${one}`).join(','))
  const attempt = (read: () => string): string => {
    try {
      return `a key: ${read()}`
    } catch (error) {
      if (error instanceof LdapSyntaxError) return 'no DN'
      throw error
    }
  }
  fc.assert(
    fc.property(fc.oneof(text, wellFormed), (given) => {
      expect(attempt(() => normalizeDn(given))).toBe(attempt(() => normalizeRdns(parseDn(given))))
    }),
    { numRuns: 20_000 },
  )
})
