import { expect, test } from 'vitest'
import { makeEntry } from '../../src/ldap/entry.ts'
import { parseDefinition } from '../../src/ldap/schema-definition.ts'
import { DEFAULT_SCHEMA, parseSchema, readSchema } from '../../src/ldap/schema.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

test('a definition is read whatever its spacing', () => {
  const { oid, fields } = parseDefinition(
    String.raw`( 2.5.4.3 NAME('cn' 'commonName')DESC 'RFC4519: common name(s), it\27s' SUP name SINGLE-VALUE X-ORDERED 'VALUES' )`,
  )
  expect(oid).toBe('2.5.4.3')
  expect(Object.fromEntries(fields)).toEqual({
    NAME: ['cn', 'commonName'],
    DESC: ["RFC4519: common name(s), it's"],
    SUP: ['name'],
    'SINGLE-VALUE': [],
    'X-ORDERED': ['VALUES'],
  })
})

test.each(['', '(', '( 1.2', "( 1.2 NAME 'a )", '1.2 NAME x', "( 1.2 NAME ( 'a' )"])(
  '%j is refused',
  (text) => {
    expect(() => parseDefinition(text)).toThrow(LdapSyntaxError)
  },
)

test('what a type does not say comes from the type above it', () => {
  const schema = parseSchema({
    attributeTypes: [
      "( 1.1 NAME 'b' SUP a SINGLE-VALUE )",
      "( 1.0 NAME 'a' EQUALITY integerMatch SYNTAX 1.9{64} )",
      "( 1.2 NAME 'c' SUP b )",
    ],
    objectClasses: [],
  })
  expect(schema.attributeType('C;x-option')).toMatchObject({
    equality: 'integerMatch',
    syntax: '1.9',
    singleValue: false,
  })
  expect([...schema.subtypes('a')].toSorted()).toEqual(['1.0', '1.1', '1.2', 'a', 'b', 'c'])
})

test('a loop of types or classes ends', () => {
  const schema = parseSchema({
    attributeTypes: ["( 1.1 NAME 'a' SUP b )", "( 1.2 NAME 'b' SUP a )"],
    objectClasses: ["( 2.1 NAME 'x' SUP y )", "( 2.2 NAME 'y' SUP x )"],
  })
  expect(schema.subtypes('a').size).toBe(4)
  expect(schema.superclasses('x')).toHaveLength(2)
})

test('a server says which syntaxes are not for people to read', () => {
  const schema = readSchema(
    makeEntry('cn=schema', {
      attributeTypes: ["( 1.1 NAME 'blob' SYNTAX 1.99 )", "( 1.2 NAME 'note' SYNTAX 1.98 )", '( broken'],
      ldapSyntaxes: ["( 1.99 DESC 'Blob' X-NOT-HUMAN-READABLE 'TRUE' )", "( 1.98 DESC 'Note' )"],
    }),
  )
  expect([schema.isBinary('BLOB'), schema.isBinary('note'), schema.isBinary('note;binary')]).toEqual([
    true,
    false,
    true,
  ])
})

test('the usual attributes are known without reading a schema', () => {
  const binary = [
    'jpegPhoto',
    'userPassword',
    'userCertificate;binary',
    'objectGUID',
    'thumbnailPhoto',
    'objectSid',
  ]
  expect(binary.filter((name) => !DEFAULT_SCHEMA.isBinary(name))).toEqual([])
  const readable = ['cn', 'mail', 'entryUUID', 'pwdChangedTime', 'labeledURI', 'sAMAccountName', 'memberOf']
  expect(readable.filter((name) => DEFAULT_SCHEMA.isBinary(name))).toEqual([])
  expect(DEFAULT_SCHEMA.equalityRule('sn')).toBe('caseIgnoreMatch')
  expect(DEFAULT_SCHEMA.attributeType('pwdReset')).toMatchObject({ operational: true, singleValue: true })
})
