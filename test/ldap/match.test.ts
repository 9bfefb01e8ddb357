import { expect, test } from 'vitest'
import { makeEntry } from '../../src/ldap/entry.ts'
import { parseFilter } from '../../src/ldap/filter.ts'
import { compileFilter, matches } from '../../src/ldap/match.ts'
import { DEFAULT_SCHEMA } from '../../src/ldap/schema.ts'

const elodie = makeEntry('uid=elodie,ou=People,dc=acme', {
  objectClass: 'inetOrgPerson',
  uid: 'elodie',
  cn: 'Élodie  LEFÈVRE',
  'cn;lang-en': 'Elodie Smith',
  sn: 'Lefèvre',
  telephoneNumber: '+33 4-77 00 00 01',
  uidNumber: '10',
  homeDirectory: '/home/Elodie',
  jpegPhoto: Buffer.from([0xff, 0xd8, 0xff]),
  userPassword: Buffer.from('Secret'),
  manager: 'uid=Boss, ou=people,dc=acme',
  pwdEndTime: '20260101000000Z',
  pwdReset: 'TRUE',
})

const cases: [filter: string, known: boolean, unknown?: boolean][] = [
  ['(cn=élodie lefèvre)', true],
  ['(CN= ÉLODIE LEFÈVRE )', true],
  ['(cn=elodie lefevre)', false],
  ['(commonName=Élodie Lefèvre)', true],
  ['(2.5.4.3=Élodie Lefèvre)', true],
  ['(name=lefèvre)', true],
  ['(cn=elodie smith)', true],
  ['(cn;lang-en=elodie smith)', true],
  ['(cn;lang-fr=elodie smith)', false],
  ['(cn=élo*vre)', true],
  ['(cn=*LODIE LEF*)', true],
  ['(cn=é*l*lef*)', true],
  ['(cn=*x*)', false],
  ['(sn=lef*fèvre)', false],
  ['(telephoneNumber=+33477000001)', true],
  ['(telephoneNumber=*7700*)', true],
  ['(uidNumber=10)', true],
  ['(uidNumber>=9)', true],
  ['(uidNumber<=9)', false],
  ['(uidNumber>=-1)', true],
  ['(homeDirectory=/home/elodie)', false],
  ['(userPassword=secret)', false],
  ['(userPassword=Secret)', true],
  ['(jpegPhoto=*)', true],
  ['(manager=UID=boss,OU=People,DC=Acme)', true],
  ['(objectClass=person)', true],
  ['(objectClass=2.5.6.6)', true],
  ['(objectClass=groupOfNames)', false],
  ['(objectClass=*)', true],
  ['(pwdEndTime<=20260101010000+0100)', true],
  ['(pwdEndTime<=20251231235959Z)', false],
  ['(pwdReset=TRUE)', true],
  ['(&)', true],
  ['(|)', false],
  ['(!(cn=x))', true],
  ['(!(mail=x))', true],
  ['(mail=*)', false],
  ['(!(mail=*))', true],
  // Undefined: an assertion that the syntax does not allow, no rule, unknown attribute
  ['(uidNumber=abc)', false],
  ['(!(uidNumber=abc))', false],
  ['(!(manager=no dn))', false],
  ['(!(uid>=a))', false],
  ['(!(jpegPhoto=x))', false],
  ['(!(manager=uid=b*))', false],
  ['(|(uidNumber=abc)(uid=elodie))', true],
  ['(&(uidNumber=abc)(uid=elodie))', false],
  ['(!(&(uidNumber=abc)(uid=nobody)))', true],
  ['(!(nosuch=x))', true, false],
  ['(!(nosuch=*))', true, false],
  // Extensible
  ['(uidNumber:1.2.840.113556.1.4.803:=10)', true],
  ['(uidNumber:1.2.840.113556.1.4.803:=12)', false],
  ['(uidNumber:1.2.840.113556.1.4.804:=12)', true],
  ['(uidNumber:1.2.840.113556.1.4.804:=5)', false],
  ['(ou:dn:=people)', true],
  ['(ou:=people)', false],
  ['(:dn:caseIgnoreMatch:=people)', true],
  ['(cn:caseExactMatch:=élodie lefèvre)', false],
  ['(cn:caseExactMatch:=Élodie LEFÈVRE)', true],
  ['(:caseIgnoreMatch:=LEFÈVRE)', true],
  ['(!(cn:1.2.3.4:=x))', false],
]

test.each(cases)('%s', (text, lenient, strict = lenient) => {
  expect(matches(parseFilter(text), elodie)).toBe(lenient)
  expect(matches(parseFilter(text), elodie, DEFAULT_SCHEMA)).toBe(strict)
})

test('without a schema an unknown attribute compares as text', () => {
  const user = makeEntry('cn=a', { sAMAccountName: 'Alice', userAccountControl: '514' })
  expect(matches(parseFilter('(samaccountname=ali*)'), user)).toBe(true)
  expect(matches(parseFilter('(samaccountname=alice)'), user, DEFAULT_SCHEMA)).toBe(false)
  expect(matches(parseFilter('(userAccountControl:1.2.840.113556.1.4.803:=2)'), user)).toBe(true)
})

test('a filter is prepared once for many entries', () => {
  const isPerson = compileFilter(parseFilter('(objectClass=person)'))
  const classes = ['inetOrgPerson', 'groupOfNames', 'person', 'INETORGPERSON', 'unknown']
  expect(classes.map((objectClass) => isPerson(makeEntry('cn=a', { objectClass })))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
})
