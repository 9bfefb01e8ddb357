import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Entry, makeEntry, text } from '../../src/ldap/entry.ts'
import { formatLdif, writeLdif } from '../../src/ldap/ldif-writer.ts'
import { type LdifRecord, parseLdif, readLdif } from '../../src/ldap/ldif.ts'
import { LdapSyntaxError } from '../../src/ldap/syntax-error.ts'

const octets = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }).map((given) => Buffer.from(given)),
  fc
    .string({ unit: fc.constantFrom(' ', ':', '<', '\n', '\r', '#', '-', 'a', '\0') })
    .map((given) => Buffer.from(given)),
  fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given)),
)
const name = fc.constantFrom('cn', 'description', 'jpegPhoto', 'cn;lang-fr', 'userCertificate;binary')
const dn = fc.string({ unit: 'grapheme', minLength: 1 }).map((given) => `cn=${given.trim()}x,dc=acme`)
const values = fc.array(octets, { minLength: 1, maxLength: 4 })
const attributes = fc.uniqueArray(fc.record({ name, values }), {
  selector: (attribute) => attribute.name,
  minLength: 1,
})
const entry: fc.Arbitrary<LdifRecord> = fc.record({
  line: fc.constant(0),
  entry: fc.record({
    dn,
    attributes: attributes.map(
      (list) => new Map(list.map((attribute) => [attribute.name.toLowerCase(), attribute])),
    ),
  }),
})
const operation = fc.constantFrom('add', 'delete', 'replace', 'increment')
const control = fc.record(
  { oid: fc.constant('1.2.3'), critical: fc.boolean(), value: octets },
  { requiredKeys: ['oid', 'critical'] },
)
const change: fc.Arbitrary<LdifRecord> = fc.record({
  line: fc.constant(0),
  controls: fc.array(control, { maxLength: 2 }),
  change: fc.oneof(
    fc.record({ type: fc.constant('add'), dn, attributes }),
    fc.record({ type: fc.constant('delete'), dn }),
    fc.record({
      type: fc.constant('modify'),
      dn,
      changes: fc.array(
        fc.record({ operation, attribute: name, values: fc.array(octets, { maxLength: 3 }) }),
        { minLength: 1 },
      ),
    }),
    fc.record(
      { type: fc.constant('modifyDn'), dn, newRdn: dn, deleteOldRdn: fc.boolean(), newSuperior: dn },
      { requiredKeys: ['type', 'dn', 'newRdn', 'deleteOldRdn'] },
    ),
  ),
})

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}

const withoutLines = (records: readonly LdifRecord[]) => records.map((record) => ({ ...record, line: 0 }))

test('every record survives writing and reading, in chunks cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(entry, change), { maxLength: 4 }),
      fc.integer({ min: 1, max: 50 }),
      async (records, size) => {
        const file = Buffer.from((await collect(writeLdif(records))).join(''), 'latin1')
        expect(file.every((byte) => byte < 128)).toBe(true)
        expect(
          file
            .toString()
            .split('\n')
            .every((line) => line.length <= 76),
        ).toBe(true)
        expect(withoutLines(parseLdif(file))).toEqual(records)
        const chunks = Array.from({ length: Math.ceil(file.length / size) }, (_, index) =>
          file.subarray(index * size, (index + 1) * size),
        )
        expect(withoutLines(await collect(readLdif(chunks)))).toEqual(records)
      },
    ),
    { numRuns: 500 },
  )
})

const entries = (ldif: string): Entry[] =>
  parseLdif(ldif).flatMap((record) => ('entry' in record ? [record.entry] : []))

test('folds, comments, base64, CRLF and a byte order mark are what the RFC says', () => {
  const [babs, none] = entries(
    [
      '\uFEFFversion: 1',
      '# a comment',
      ' that goes on',
      'dn: cn=Barbara Jensen, ou=Product Develo',
      ' pment, dc=airius, dc=com',
      'cn: Barbara',
      '  Jensen',
      'cn;lang-fr:: w4lsb2RpZQ==',
      '# between',
      'description:What a careful reader Babs is.  ',
      'sn: Žižek',
      'title:',
      '',
      '',
      '# only a comment',
      '',
    ].join('\r\n'),
  )
  expect(none).toBeUndefined()
  expect(babs?.dn).toBe('cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com')
  expect(babs && ['cn', 'cn;lang-fr', 'description', 'sn', 'title'].map((one) => text(babs, one))).toEqual([
    ['Barbara Jensen'],
    ['Élodie'],
    ['What a careful reader Babs is.  '],
    ['Žižek'],
    [''],
  ])
})

test('the change records of RFC 2849 are read', () => {
  const changes = parseLdif(`version: 1
dn: cn=Fiona Jensen, dc=com
control: 1.2.840.113556.1.4.805 true
changetype: delete

dn: cn=Paul Jensen, dc=com
changetype: modrdn
newrdn: cn=Paula Jensen
deleteoldrdn: 1

dn: ou=PD, dc=com
changetype: moddn
newrdn: ou=PD
deleteoldrdn: 0
newsuperior: ou=Accounting, dc=com

dn: cn=Paula Jensen, dc=com
changetype: modify
add: postaladdress
postaladdress: 123 Anystreet $ Sunnyvale, CA $ 94086
-
delete: description
-
replace: telephonenumber
telephonenumber: +1 408 555 1234
telephonenumber: +1 408 555 5678
`).map((record) => ('change' in record ? record.change : record))
  expect(changes).toEqual([
    { type: 'delete', dn: 'cn=Fiona Jensen, dc=com' },
    { type: 'modifyDn', dn: 'cn=Paul Jensen, dc=com', newRdn: 'cn=Paula Jensen', deleteOldRdn: true },
    {
      type: 'modifyDn',
      dn: 'ou=PD, dc=com',
      newRdn: 'ou=PD',
      deleteOldRdn: false,
      newSuperior: 'ou=Accounting, dc=com',
    },
    {
      type: 'modify',
      dn: 'cn=Paula Jensen, dc=com',
      changes: [
        {
          operation: 'add',
          attribute: 'postaladdress',
          values: [Buffer.from('123 Anystreet $ Sunnyvale, CA $ 94086')],
        },
        { operation: 'delete', attribute: 'description', values: [] },
        {
          operation: 'replace',
          attribute: 'telephonenumber',
          values: ['+1 408 555 1234', '+1 408 555 5678'].map((one) => Buffer.from(one)),
        },
      ],
    },
  ])
})

test.each([
  ['dn: cn=a\nno colon', 'line 2'],
  ['\n\ncn: a', 'line 3'],
  ['dn: cn=a\ncn:: é', 'line 2'],
  ['dn: cn=a\ncn:: abc', 'line 2'],
  [' x', 'line 1'],
  ['version: 2\ndn: cn=a', 'line 1'],
  ['dn: cn=a\ncn: x\n\ndn: cn=b\nchangetype: rename', 'line 5'],
  ['dn: cn=a\nchangetype: modify\nadd: cn\nsn: x', 'line 4'],
  ['dn: cn=a\nchangetype: modify\nset: cn', 'line 3'],
  ['dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b', 'line 2'],
  ['dn: cn=a\nchangetype: delete\ncn: x', 'line 3'],
  ['dn: cn=a\ncontrol: 1.2.3 maybe\nchangetype: delete', 'line 2'],
  ['dn: cn=a\nc n: x', 'line 2'],
  ['dn: cn=a\njpegPhoto:< file:///etc/passwd', 'line 2'],
])('%j is refused and the message says %s', (ldif, where) => {
  expect(() => parseLdif(ldif)).toThrow(LdapSyntaxError)
  expect(() => parseLdif(ldif)).toThrow(where)
})

test('a message never repeats the line: it may hold a password', () => {
  expect(() => parseLdif('dn: cn=a\nuserPassword secret')).toThrow(/^(?!.*secret)/)
})

test('a URL is read only by the reader that was asked for', () => {
  const [record] = parseLdif('dn: cn=a\ncn:< file:///tmp/x \n', {
    readUrl: (url) => Buffer.from(`content of ${url}`),
  })
  expect(record && 'entry' in record && text(record.entry, 'cn')).toEqual(['content of file:///tmp/x'])
})

test('an entry is written in the form that people can read', () => {
  expect(formatLdif(makeEntry('cn=a', { cn: 'a', sn: 'Élo', description: ' x', title: 'x ', o: '' }))).toBe(
    'dn: cn=a\ncn: a\nsn:: w4lsbw==\ndescription:: IHg=\ntitle:: eCA=\no: \n',
  )
})
