import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/ldap/connection.ts'
import { dn, normalizeDn, sameDn, toDn } from '../../src/ldap/dn.ts'
import type { Entry } from '../../src/ldap/entry.ts'
import { filter, formatFilter, parseFilter } from '../../src/ldap/filter.ts'
import { matches } from '../../src/ldap/match.ts'
import { readSchema, type Schema } from '../../src/ldap/schema.ts'
import { ldapsearch } from '../support/ldap-tools.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'

let slapd: Slapd
let connection: Connection
let schema: Schema
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 5 }, overlays: [] })
  connection = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  const subschema = await connection.read('cn=Subschema', { attributes: ['+'] })
  if (!subschema) throw new Error('slapd has no subschema')
  schema = readSchema(subschema)
})
afterAll(async () => {
  connection.unbind()
  await slapd.stop()
})

const base = () => toDn(`ou=groups,${slapd.suffix}`)

test.each([
  'plain',
  ' leading',
  'trailing ',
  '  two  spaces  ',
  '#hash',
  'a,b',
  'a+b=c',
  'back\\slash',
  'quote"s',
  '<angle>',
  'semi;colon',
  'star*',
  '(paren)',
  'tab\tand\nline',
  'Élodie ŒUVRARD',
  'ﬁ ligature ①',
  '日本語',
  '🙂',
  '\\2a',
  'cn=x,dc=evil',
  'a\\',
  "d'Hervé/Jean",
])('an entry called %j is added, read and found under the name that we write', async (cn) => {
  const name = dn`cn=${cn},${base()}`
  await connection.add(name, { objectClass: ['device'], cn: [cn] })
  const entry = await connection.read(name)
  expect(entry && sameDn(entry.dn, name)).toBe(true)
  expect(entry && normalizeDn(entry.dn, schema)).toBe(normalizeDn(name, schema))
  for (const given of [
    filter`(cn=${cn})`,
    filter`(&(objectClass=device)(cn=${cn}))`,
    filter`(entryDN=${name})`,
  ]) {
    const { entries } = await connection.searchAll({ base: base(), filter: given })
    expect(entries.map((one) => one.dn)).toEqual([entry?.dn])
    // The same as text, through a reader that is not ours.
    const found = await ldapsearch(
      { url: slapd.url, dn: slapd.rootDn, password: slapd.rootPassword },
      base(),
      formatFilter(given),
      '1.1',
    )
    expect(found.match(/^dn:/gm)).toHaveLength(1)
  }
  await connection.delete(name)
})

test('slapd gives the schema that the directory is read with', () => {
  expect(schema.isBinary('jpegPhoto')).toBe(true)
  expect(schema.isBinary('userCertificate;binary')).toBe(true)
  expect(schema.isBinary('cn')).toBe(false)
  expect(schema.attributeType('entryUUID')).toMatchObject({
    operational: true,
    noUserModification: true,
    equality: 'UUIDMatch',
  })
  expect(schema.objectClass('inetOrgPerson')?.must).toEqual([])
  expect(schema.superclasses('inetOrgPerson').map(({ names: [name] }) => name)).toContain('person')
  expect(schema.attributeTypes.length).toBeGreaterThan(200)
})

/** Entries whose values are at the edges of the matching rules. */
const probes: Readonly<Record<string, string[]>>[] = [
  { cn: ['probe one', 'Élodie  LEFÈVRE'], telephoneNumber: ['+33 4 77-00 00 01'], description: ['a*b(c)'] },
  { cn: ['probe two'], 'cn;lang-fr': ['Sonde deux'], serialNumber: ['12', 'ab C'], l: ['Saint-Étienne'] },
  { cn: ['Probe Three', 'ﬁn'], seeAlso: ['CN=Probe One, OU=Groups,DC=example,DC=org'], ou: ['R&D'] },
  { cn: ['probe four', '  spaced   out  '], description: ['İstanbul', 'STRASSE', 'straße'] },
  { cn: ['probe  five'], description: ['x', '10', '9'], owner: ['cn=a\\,b,dc=x'] },
]

const filters = String.raw`
  (cn=PROBE ONE) ; (cn=probe*) ; (cn=*one) ; (cn=*o*e*) ; (cn=p*e t*) ; (commonName=probe two)
  (2.5.4.3=probe two) ; (cn=élodie lefèvre) ; (cn=elodie lefevre) ; (cn=Élodie LEFÈVRE) ; (cn=*LEFÈ*)
  (cn=spaced out) ; (cn=probe five) ; (cn=fin) ; (cn=ﬁ*) ; (description=strasse)
  (description=straße) ; (description=İstanbul) ; (name=probe one)
  (cn;lang-fr=sonde deux) ; (cn=sonde deux) ; (cn;lang-en=*) ; (cn;lang-fr=*) ; (name=*) ; (l=*)
  (telephoneNumber=+33477000001) ; (telephoneNumber=*7700*) ; (telephoneNumber=+33 4*)
  (serialNumber=AB c) ; (seeAlso=cn=probe one,ou=groups,dc=example,dc=org) ; (seeAlso=*) ; (seeAlso=x)
  (!(seeAlso=x)) ; (owner=cn=a\5c2cb,dc=x) ; (nosuch=x) ; (!(nosuch=x)) ; (|(nosuch=x)(cn=probe one))
  (&(nosuch=x)(cn=probe one)) ; (!(&(nosuch=x)(cn=nobody))) ; (description>=1) ; (!(description>=1))
  (cn>=p) ; (!(cn>=p)) ; (createTimestamp>=20200101000000Z) ; (createTimestamp>=x)
  (createTimestamp<=20200101000000Z) ; (!(createTimestamp<=20200101000000Z)) ; (entryUUID=x)
  (!(entryUUID=x)) ; (objectClass=top) ; (objectClass=2.5.6.14) ; (objectClass=DEVICE)
  (objectClass=nosuch) ; (!(objectClass=nosuch)) ; (cn:caseExactMatch:=probe two)
  (cn:caseExactMatch:=PROBE TWO) ; (ou:dn:=groups) ; (ou:=r&d) ; (:dn:caseIgnoreMatch:=groups)
  (cn:2.5.13.5:=Probe Three) ; (cn:1.2.3:=x) ; (!(cn:1.2.3:=x)) ; (&) ; (|) ; (!(|))
  (structuralObjectClass=device) ; (hasSubordinates=FALSE) ; (description=a\2ab\28c\29)
  (description=*\2a*) ; (cn=) ; (!(cn=)) ; (cn=**) ; (!(cn=**))
`
  .trim()
  .split(/ ; |\n\s*/)

test('our matching finds what slapd finds, filter by filter', async () => {
  for (const probe of probes) {
    await connection.add(dn`cn=${probe['cn']?.[0] ?? ''},${base()}`, {
      objectClass: ['device', 'extensibleObject'],
      ...probe,
    })
  }
  const all = await connection.searchAll({ base: base(), scope: 'one', attributes: ['*', '+'] })
  const differences: string[] = []
  for (const text of filters) {
    const given = parseFilter(text)
    const { entries } = await connection.searchAll({
      base: base(),
      scope: 'one',
      filter: given,
      attributes: ['1.1'],
    })
    const theirs = entries.map((entry) => entry.dn).toSorted()
    const ours = all.entries
      .filter((entry: Entry) => matches(given, entry, schema))
      .map((entry) => entry.dn)
      .toSorted()
    if (ours.join() !== theirs.join())
      differences.push(`${text}: ours ${ours.join(' ')}; slapd ${theirs.join(' ')}`)
  }
  expect(differences).toEqual([])
})

test('no value that we put into a filter makes slapd see another filter', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('*', '(', ')', '\\', '\0', '=', '|', 'a') }),
  )
  await fc.assert(
    fc.asyncProperty(value, async (text) => {
      const { entries } = await connection.searchAll({
        base: slapd.suffix,
        filter: filter`(&(cn=${text})(objectClass=device))`,
      })
      expect(entries.every((entry) => matches(filter`(cn=${text})`, entry, schema))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
