import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { haveSameBytes, type PackedAttributes, scanNames, scanValues } from '../../src/ldap/attribute-scan.ts'
import { SEQUENCE, SET } from '../../src/ldap/ber-reader.ts'
import { BerWriter } from '../../src/ldap/ber-writer.ts'

type Attributes = Readonly<Record<string, readonly string[]>>

/** As a server sends it, in the middle of other bytes. */
function packed(attributes: Attributes): PackedAttributes {
  const writer = new BerWriter()
  for (const [name, values] of Object.entries(attributes)) {
    const attribute = writer.begin(SEQUENCE)
    writer.text(name)
    const set = writer.begin(SET)
    for (const value of values) writer.text(value)
    writer.end(set)
    writer.end(attribute)
  }
  const bytes = writer.take()
  return {
    buffer: Buffer.concat([Buffer.from('before'), bytes, Buffer.from('behind')]),
    start: 6,
    end: 6 + bytes.length,
  }
}

function valuesOf(entry: PackedAttributes, name: string): string[] {
  const values: string[] = []
  scanValues(entry, name, (start, end) => values.push(entry.buffer.toString('utf8', start, end)))
  return values
}

const text = fc.oneof(fc.constantFrom('a', 'b', ''), fc.string({ minLength: 120, maxLength: 300 }))
const entries = fc.dictionary(
  fc.constantFrom('cn', 'CN', 'sn', 'mail', 'm', 'userCertificate;binary'),
  fc.array(text, { maxLength: 3 }),
)

test('gives the values of each attribute as they came', () => {
  fc.assert(
    fc.property(entries, (attributes) => {
      const entry = packed(attributes)
      const first = new Map(
        Object.entries(attributes)
          .toReversed()
          .map(([name, values]) => [name.toLowerCase(), values]),
      )
      for (const [name, values] of first) expect(valuesOf(entry, name)).toEqual(values)
      expect(valuesOf(entry, 'absent')).toEqual([])
      const present = Object.entries(attributes).filter(([, values]) => values.length > 0)
      expect(scanNames(entry)).toEqual(present.map(([name]) => name))
    }),
  )
})

test('a certificate is found with and without its option', () => {
  const entry = packed({ 'userCertificate;binary': ['x'] })
  expect(valuesOf(entry, 'usercertificate')).toEqual(['x'])
  expect(valuesOf(entry, 'usercertificate;binary')).toEqual(['x'])
})

test('two entries have the same bytes in an attribute where the values are the same in the same order, and there are some', () => {
  fc.assert(
    fc.property(
      entries,
      entries,
      fc.constantFrom('cn', 'sn', 'mail'),
      fc.constantFrom('cn', 'm'),
      (one, other, name, otherName) => {
        const [left, right] = [packed(one), packed(other)]
        const [values, others] = [valuesOf(left, name), valuesOf(right, otherName)]
        const isSame =
          values.length > 0 &&
          values.length === others.length &&
          values.every((value, index) => value === others[index])
        expect(haveSameBytes(left, name, right, otherName)).toBe(isSame)
      },
    ),
    { numRuns: 1_000 },
  )
})
