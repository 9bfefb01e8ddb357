import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { attr } from '../../src/ldap/attribute-name.ts'
import { type Filter, filter, formatFilter, parseFilter } from '../../src/ldap/filter.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

const bytes = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string()).map((text) => Buffer.from(text))
const octets = fc.oneof(
  bytes,
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((array) => Buffer.from(array)),
)
const someOctets = octets.filter((value) => value.length > 0)
const name = fc.constantFrom('cn', 'uid', 'memberOf', 'cn;lang-fr', '2.5.4.3', 'userAccountControl')
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    type: fc.constantFrom('equal', 'greaterOrEqual', 'lessOrEqual', 'approx'),
    attribute: name,
    value: octets,
  }),
  fc.record({ type: fc.constant('present'), attribute: name }),
  fc.record(
    {
      type: fc.constant('substrings'),
      attribute: name,
      initial: someOctets,
      any: fc.array(someOctets, { minLength: 1 }),
      final: someOctets,
    },
    { requiredKeys: ['type', 'attribute', 'any'] },
  ),
  fc.record(
    {
      type: fc.constant('extensible'),
      rule: fc.constantFrom('caseExactMatch', '2.5.13.5'),
      attribute: name,
      value: octets,
      dnAttributes: fc.boolean(),
    },
    { requiredKeys: ['type', 'rule', 'value', 'dnAttributes'] },
  ),
)
const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({ type: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { maxLength: 4 }) }),
    fc.record({ type: fc.constant('not'), filter: tie('filter') }),
  ),
})).filter

/** The filter with every value blanked: what must not depend on values. */
function shape(given: Filter): unknown {
  return JSON.parse(JSON.stringify(given), (_, value) => (value?.type === 'Buffer' ? 'value' : value))
}

test.each([
  // RFC 4515, section 4
  '(cn=Babs Jensen)',
  '(!(cn=Tim Howes))',
  '(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))',
  '(o=univ*of*mich*)',
  '(seeAlso=)',
  '(cn:caseExactMatch:=Fred Flintstone)',
  '(cn:=Betty Rubble)',
  '(sn:dn:2.4.6.8.10:=Barney Rubble)',
  '(o:dn:=Ace Industry)',
  '(:1.2.3:=Wilma Flintstone)',
  '(:dn:2.4.6.8.10:=Dino)',
  String.raw`(o=Parens R Us \28for all your parenthetical needs\29)`,
  String.raw`(cn=*\2a*)`,
  String.raw`(filename=C:\5cMyFile)`,
  String.raw`(objectGUID=\ff\41)`,
  '(cn=Élodie LEFÈVRE)',
  '(&)',
  '(|)',
  '(userAccountControl:1.2.840.113556.1.4.803:=2)',
  '(cn;lang-fr~=x)',
  '(pwdEndTime<=20260101000000Z)',
  '(cn=*)',
  '(cn=a=b)',
])('%s is read and written back', (text) => {
  expect(formatFilter(parseFilter(text))).toBe(text)
})

test('the RFC examples that have a second spelling mean the same', () => {
  expect(parseFilter(String.raw`(sn=Lu\c4\8di\c4\87)`)).toEqual(parseFilter('(sn=Lučić)'))
  expect(parseFilter(String.raw`(bin=\00\00\00\04)`)).toEqual({
    type: 'equal',
    attribute: 'bin',
    value: Buffer.from([0, 0, 0, 4]),
  })
  expect(parseFilter(String.raw`(1.3.6.1.4.1.1466.0=\04\02\48\69)`)).toMatchObject({
    value: Buffer.from('\x04\x02Hi'),
  })
})

test('white space between filters is allowed, in values it is kept', () => {
  expect(formatFilter(parseFilter('\n (& (a= b )\n  (! (c=d) ) )\n'))).toBe('(&(a= b )(!(c=d)))')
})

test.each([
  '',
  'cn=x',
  '(cn=x',
  '(cn=x))',
  '(cn=(x))',
  '(=x)',
  '(cn)',
  '(&(cn=x)',
  '(!(a=b)(c=d))',
  '(!)',
  '(cn=\\2)',
  '(cn=\\zz)',
  '(cn>=a*)',
  '(:=x)',
  '(c n=x)',
  '(cn:dn=x)',
  '(cn=a\0b)',
  '()',
  '(cn==',
  '(&x)',
  '(cn:a:b:=x)',
])('%j is refused', (text) => {
  expect(() => parseFilter(text)).toThrow(LdapSyntaxError)
})

test('nesting beyond every use is refused, not run out of stack', () => {
  for (const text of [
    '('.repeat(100_000),
    '(!'.repeat(100_000),
    `${'(!'.repeat(200)}(a=b)${')'.repeat(200)}`,
  ]) {
    expect(() => parseFilter(text)).toThrow(LdapSyntaxError)
  }
})

test('every filter survives writing and reading', () => {
  fc.assert(
    fc.property(anyFilter, (given) => {
      expect(parseFilter(formatFilter(given))).toEqual(given)
    }),
    { numRuns: 2_000 },
  )
})

test('a name that is no attribute name cannot be written', () => {
  expect(() => formatFilter({ type: 'present', attribute: 'cn=*)(uid' })).toThrow(TypeError)
})

const build = (value: string | Buffer) =>
  filter`(&(objectClass=person)(|(uid=${value})(cn=*${value}*)(sn=a${value}b*${value})(mail>=${value})(o:dn:=${value})))`

test('no value changes the shape of the filter', () => {
  const expected = shape(build('x'))
  fc.assert(
    fc.property(octets, (value) => {
      expect(shape(build(value))).toEqual(expected)
    }),
    { numRuns: 10_000 },
  )
  for (const value of ['*', ')(uid=*', '\\', '\0', '', '(', '\u{1f600}', '\\2a'])
    expect(shape(build(value))).toEqual(expected)
})

test('values arrive byte for byte, in the order they stand', () => {
  expect(filter`(cn=*${'é*'}x${Buffer.from([0xff])}*${'('})`).toEqual({
    type: 'substrings',
    attribute: 'cn',
    any: [Buffer.concat([Buffer.from('é*x'), Buffer.from([0xff])])],
    final: Buffer.from('('),
  })
  expect(filter`(a=${'1'}${'2'})`).toMatchObject({ value: Buffer.from('12') })
  expect(filter`(a=\2a${'*'})`).toMatchObject({ value: Buffer.from('**') })
})

test('filters and lists of filters compose', () => {
  const people = filter`(objectClass=person)`
  const names = ['a', 'b'].map((login) => filter`(uid=${login})`)
  expect(formatFilter(filter`(&${people}(|${names})(!${people}))`)).toBe(
    '(&(objectClass=person)(|(uid=a)(uid=b))(!(objectClass=person)))',
  )
  expect(filter`${people}`).toEqual(people)
  expect(formatFilter(filter`(|${[]})`)).toBe('(|)')
})

test('names go through attr, which refuses what is none', () => {
  expect(
    formatFilter(filter`(&(${attr('employeeNumber')}=${'*'})(${attr('cn')}:dn:caseExactMatch:=x))`),
  ).toBe(String.raw`(&(employeeNumber=\2a)(cn:dn:caseExactMatch:=x))`)
  for (const bad of ['', 'a b', 'cn=*)(uid', '1', 'é', 'cn;']) expect(() => attr(bad)).toThrow(TypeError)
  // @ts-expect-error a number is not a value
  expect(() => filter`(cn=${1})`).toThrow(TypeError)
  expect(() => filter`(${'cn'}=x)`).toThrow(TypeError)
})

test('a value where a filter belongs is refused, and the reverse', () => {
  const people = filter`(cn=x)`
  expect(() => filter`(&${'(uid=*)'})`).toThrow(TypeError)
  expect(() => filter`(cn=${people})`).toThrow(TypeError)
  expect(() => filter`(!${[people, people]})`).toThrow(TypeError)
  expect(() => filter`(cn=${attr('cn')})`).toThrow(TypeError)
})
