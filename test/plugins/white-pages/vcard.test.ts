import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'vcard4'
import { attachment } from '../../../plugins/web/content-disposition.ts'
import { csvLine } from '../../../plugins/web/csv.ts'
import { vcardOf } from '../../../plugins/white-pages/vcard.ts'
import type { Person } from '../../../src/accounts/person.ts'

function person(changes: Partial<Person> = {}): Person {
  return {
    directory: 'main',
    id: '1',
    login: 'elefevre',
    dn: 'uid=elefevre',
    handle: 'elefevre',
    displayName: 'Élodie LEFÈVRE',
    givenName: 'Élodie',
    familyName: 'LEFÈVRE',
    mail: ['elodie@acme.example'],
    phone: ['+33 4 77 00 00 01'],
    title: 'Ingénieure',
    department: 'DSI',
    site: 'Lyon',
    manager: null,
    hasPhoto: false,
    ...changes,
  }
}

const write = (changes?: Partial<Person>) =>
  vcardOf(person(changes), { organisation: 'ACME', url: 'https://id.acme.example/people/elefevre' })

/** The content lines, unfolded (RFC 6350, section 3.2), as any reader does first. */
const unfold = (card: string) => card.replaceAll('\r\n ', '').split('\r\n')

/** What a reader makes of an escaped text (section 3.4). */
const unescape = (text: string) =>
  text.replaceAll(/\\([\s\S])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))

describe('a vCard', () => {
  test('says how to reach a person', () => {
    expect(unfold(write())).toEqual([
      'BEGIN:VCARD',
      'VERSION:4.0',
      'KIND:individual',
      'FN:Élodie LEFÈVRE',
      'N:LEFÈVRE;Élodie;;;',
      'ORG:ACME;DSI',
      'TITLE:Ingénieure',
      'EMAIL;TYPE=work:elodie@acme.example',
      'TEL;VALUE=text;TYPE=work,voice:+33 4 77 00 00 01',
      'ADR;TYPE=work:;;;Lyon;;;',
      'URL;TYPE=work:https://id.acme.example/people/elefevre',
      'END:VCARD',
      '',
    ])
  })

  test('leaves out what is not there', () => {
    const card = write({ mail: [], phone: [], title: null, department: null, site: null, givenName: null })
    expect(unfold(card).map((line) => line.split(/[:;]/, 1)[0])).toEqual(
      'BEGIN VERSION KIND FN N ORG URL END '.split(' '),
    )
  })

  test('gives every text back to its reader, adds no line, and cuts no character', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
      fc.string({
        unit: fc.constantFrom('\\', ',', ';', ':', '\n', '\r', 'n', '"', ' ', '😀', 'é'),
        minLength: 1,
      }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
    )
    fc.assert(
      fc.property(text, (title) => {
        const card = write({ title })
        for (const line of card.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line.isWellFormed()).toBe(true)
        }
        const lines = unfold(card)
        expect(lines).toHaveLength(13)
        const shown = title
          .toWellFormed()
          .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
          // oxlint-disable-next-line no-control-regex -- what no vCard may hold
          .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
        expect(unescape(lines[6]?.slice('TITLE:'.length) ?? '')).toBe(shown)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is read by a library of others, with its commas', () => {
    const [card] = [parse(write({ displayName: 'Doe, Jane, "JD" \\ CEO: x' }))].flat()
    expect(card?.getProperty('FN').map(({ value }) => value)).toEqual(['Doe, Jane, "JD" \\ CEO: x'])
    expect(card?.getProperty('EMAIL').map(({ value }) => value)).toEqual(['elodie@acme.example'])
  })
})

describe('a file name', () => {
  test.each([
    [
      'Élodie LEFÈVRE.vcf',
      `attachment; filename="Elodie LEFEVRE.vcf"; filename*=UTF-8''%C3%89lodie%20LEF%C3%88VRE.vcf`,
    ],
    ['a"b\r\nX: y.vcf', `attachment; filename="a_b__X_ y.vcf"; filename*=UTF-8''a%22b%0D%0AX%3A%20y.vcf`],
    [
      "d'Hervé (x)*.vcf",
      `attachment; filename="d_Herve _x__.vcf"; filename*=UTF-8''d%27Herv%C3%A9%20%28x%29%2A.vcf`,
    ],
  ])('%j is safe in a header and complete', (name, header) => {
    expect(attachment(name)).toBe(header)
  })
})

describe('a line for a spreadsheet', () => {
  test.each(['=1+1', '+33 4', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n=cmd|calc'])(
    'does not run %j as a formula',
    (cell) => {
      const [only = ''] = csvLine([cell], ';').split('\r\n')
      expect(only.replace(/^"/, '')).toMatch(/^'/)
    },
  )

  test('keeps separators, quotes and line ends inside their cell', () => {
    expect(csvLine(['a;b', 'say "x"', 'two\nlines', 'plain'], ';')).toBe(
      '"a;b";"say ""x""";"two\nlines";plain\r\n',
    )
  })
})
