import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BerReader, OCTET_STRING, SEQUENCE } from '../../src/ldap/ber-reader.ts'
import { BerWriter, berBytes } from '../../src/ldap/ber-writer.ts'
import { MessageFramer } from '../../src/ldap/framing.ts'

const protocol = expect.objectContaining({ name: 'LdapFailure', kind: 'protocol' })

describe('BER', () => {
  test('gives back what was written, whatever its length and depth', () => {
    const element = fc.oneof(
      fc.integer(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 70_000 }),
    )
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), fc.nat(4), (elements, depth) => {
        const bytes = berBytes((writer) => {
          const marks = Array.from({ length: depth }, () => writer.begin(SEQUENCE))
          for (const value of elements)
            if (typeof value === 'number') writer.integer(value)
            else writer.value(value)
          for (const mark of marks.toReversed()) writer.end(mark)
        })
        const reader = new BerReader(bytes)
        const outers = Array.from({ length: depth }, () => reader.enter(SEQUENCE))
        for (const value of elements) {
          const read = typeof value === 'number' ? reader.integer() : reader.bytes().toString('hex')
          expect(read).toBe(typeof value === 'number' ? value : Buffer.from(value).toString('hex'))
        }
        for (const outer of outers.toReversed()) reader.leave(outer)
        expect(reader.more).toBe(false)
      }),
    )
  })

  test('takes the long lengths that Active Directory writes', () => {
    expect(new BerReader(Buffer.from('048400000002abcd', 'hex')).bytes().toString('hex')).toBe('abcd')
  })

  test('reads no value beyond the element that holds it', () => {
    for (const hex of ['0403ab', '04', '0480abcd0000', '0485000000000100', '048401', '0402'])
      expect(() => new BerReader(Buffer.from(hex, 'hex')).bytes()).toThrow(protocol)
    const reader = new BerReader(Buffer.from('30020405ffffffffff', 'hex'))
    reader.enter(SEQUENCE)
    expect(() => reader.bytes(OCTET_STRING)).toThrow(protocol)
    expect(() => new BerReader(Buffer.from('020500ffffffff', 'hex')).integer()).toThrow(protocol)
    expect(() => new BerReader(Buffer.from('0200', 'hex')).integer()).toThrow(protocol)
  })

  test('never writes over bytes that were taken, and forgets what is rewound', () => {
    const writer = new BerWriter()
    writer.text('first')
    const first = writer.take()
    const before = Buffer.from(first)
    for (let i = 0; i < 5000; i++) writer.text(`later ${i}`)
    expect(first.equals(before)).toBe(true)
    const mark = writer.pending
    writer.text('gone')
    writer.rewind(mark)
    expect(writer.take().includes('gone')).toBe(false)
  })
})

describe('a stream of messages', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 })

  test('is cut at the same places however it arrives', () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        (contents, sizes) => {
          const wire = contents.map((content) => berBytes((writer) => writer.bytes(content, SEQUENCE)))
          const stream = Buffer.concat(wire)
          const framer = new MessageFramer(1000)
          const cut: Buffer[] = []
          for (let offset = 0, i = 0; offset < stream.length; i++) {
            const size = sizes[i % sizes.length] ?? 1
            framer.push(stream.subarray(offset, offset + size), (buffer, start, end) =>
              cut.push(Buffer.from(buffer.subarray(start, end))),
            )
            offset += size
          }
          expect(cut).toEqual(wire)
          expect(framer.held).toBe(0)
        },
      ),
    )
  })

  test('is refused when it announces more than the limit, before the content arrives', () => {
    const framer = new MessageFramer(1000)
    expect(() => framer.push(Buffer.from('30847fffffff', 'hex'), () => {})).toThrow(protocol)
    expect(framer.held).toBe(0)
  })

  test('is refused when it is no LDAP: RDP probe, HTTP, indefinite length', () => {
    for (const bytes of ['0300002f2ae00000', '474554202f20485454502f312e31', '3080', '3085'])
      expect(() => new MessageFramer(1000).push(Buffer.from(bytes, 'hex'), () => {})).toThrow(protocol)
  })
})
