import { expect, test } from 'vitest'
import { formatLdapUrl, parseLdapUrl } from '../../src/ldap/url.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

test.each([
  // RFC 4516, section 4
  'ldap://ldap1.example.net',
  'ldap:///o=University%20of%20Michigan,c=US',
  'ldap://ldap1.example.net/o=University%20of%20Michigan,c=US?postalAddress',
  'ldap://ldap1.example.net:6666/o=University%20of%20Michigan,c=US??sub?(cn=Babs%20Jensen)',
  'ldap://ldap1.example.com/c=GB?objectClass?one',
  'ldap://ldap2.example.com/o=Question%3F,c=US?mail',
  String.raw`ldap://ldap3.example.com/o=Babsco,c=US???(four-octet=%5C00%5C00%5C00%5C04)`,
  'ldap://ldap.example.com/o=An%20Example%5C,%20Inc.,c=US',
  'ldap:///??sub??e-bindname=cn=Manager%2Ccn=Foo',
  'ldap:///??sub??!e-bindname=cn=Manager%2Ccn=Foo',
  'ldaps://[2001:db8::1]:636',
  'ldapi://%2Fvar%2Frun%2Fldapi',
  'ldap:///ou=people,dc=acme?uid,cn?sub?(&(objectClass=person)(cn=%C3%89lo*))',
])('%s is read and written back', (text) => {
  expect(formatLdapUrl(parseLdapUrl(text))).toBe(text)
})

test('every part is where it belongs', () => {
  expect(parseLdapUrl('LDAP://Host:389/ou=People,dc=acme?cn,mail?SUB?(uid=a%2Cb)?!x=1%2C2,y')).toEqual({
    scheme: 'ldap',
    host: 'Host',
    port: 389,
    base: 'ou=People,dc=acme',
    attributes: ['cn', 'mail'],
    scope: 'sub',
    filter: { type: 'equal', attribute: 'uid', value: Buffer.from('a,b') },
    extensions: [
      { critical: true, type: 'x', value: '1,2' },
      { critical: false, type: 'y' },
    ],
  })
  expect(parseLdapUrl('ldap://')).toEqual({
    scheme: 'ldap',
    base: '',
    attributes: [],
    scope: 'base',
    extensions: [],
  })
  expect(parseLdapUrl('ldapi://%2Frun%2Fldapi/')).toMatchObject({ scheme: 'ldapi', host: '/run/ldapi' })
  expect(parseLdapUrl('ldap://[::1]/')).toMatchObject({ host: '::1' })
})

test.each([
  'http://x',
  'ldap:x',
  'ldap://a:b',
  'ldap://a:99999',
  'ldap://a@b',
  'ldap:///x',
  'ldap:///cn=a??all',
  'ldap:///cn=%zz',
  'ldap:///cn=a???uid=x',
  'ldap:///cn=a?c n',
  'ldap:///????a?b',
  'ldap://::1',
  'ldap:///????=x',
  'ldap:///cn=a#b',
])('%s is refused', (text) => {
  expect(() => parseLdapUrl(text)).toThrow(LdapSyntaxError)
})
