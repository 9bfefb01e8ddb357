import * as fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { BerReader } from '../../src/ldap/ber-reader.ts'
import { BerWriter } from '../../src/ldap/ber-writer.ts'
import { LdapFailure } from '../../src/ldap/failure.ts'
import type { Filter } from '../../src/ldap/filter.ts'
import { readFilter } from '../../src/ldap/filter-codec.ts'
import { readRequest, type Request, writeRequest } from '../../src/ldap/request.ts'
import { readResponse, type ResponseToWrite, writeResponse } from '../../src/ldap/response.ts'
import type { Control } from '../../src/ldap/control.ts'
import { Secret } from '../../src/ldap/secret.ts'
import { controls, request, response } from './arbitrary-messages.ts'

const id = fc.nat(0x7fffffff)

function requestBytes(number: number, message: Request, list: readonly Control[] = []): Buffer {
  const writer = new BerWriter()
  writeRequest(writer, number, message, list)
  return Buffer.from(writer.take())
}

function responseBytes(number: number, message: ResponseToWrite, list: readonly Control[] = []): Buffer {
  const writer = new BerWriter()
  writeResponse(writer, number, message, list)
  return Buffer.from(writer.take())
}

/** Plain data of any message: secrets opened, entries as lists. */
function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal().toString('hex') }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof Map) return [...value].map(([key, { name, values }]) => [key, name, plain(values)])
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if ('dn' in value && 'attributes' in value && value.attributes instanceof Map)
    return { dn: value.dn, attributes: plain(value.attributes) }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
}

describe('every message', () => {
  test('of a client is read back as it was written', () => {
    fc.assert(
      fc.property(id, request, controls, (number, message, list) => {
        const read = readRequest(requestBytes(number, message, list))
        expect(plain(read)).toEqual(plain({ id: number, request: message, controls: list }))
      }),
      { numRuns: 2000 },
    )
  })

  test('of a server is read back as it was written, an entry with its controls', () => {
    fc.assert(
      fc.property(id, response, controls, (number, message, list) => {
        const read = readResponse(responseBytes(number, message, list))
        expect(plain(read)).toEqual(plain({ id: number, response: message, controls: list }))
        const ofEntry = read.response.type === 'entry' ? read.response.entry.controls : list
        expect(plain(ofEntry)).toEqual(plain(list))
      }),
      { numRuns: 2000 },
    )
  })

  test('shows no password, however it is printed', () => {
    const message = readRequest(
      requestBytes(1, {
        type: 'bind',
        version: 3,
        dn: 'cn=app',
        authentication: { method: 'simple', password: new Secret('hunter2') },
      }),
    )
    const printed = `${inspect(message, { depth: 9, showHidden: true })}${JSON.stringify(message)}`
    expect(printed).toContain('cn=app')
    for (const form of [
      'hunter2',
      Buffer.from('hunter2').toString('hex'),
      Buffer.from('hunter2').toString('base64'),
      '104',
    ])
      expect(printed).not.toContain(form)
  })
})

/** Changes, removes, doubles and cuts bytes, the lengths most of all. */
function mutated(bytes: Buffer, random: () => number): Buffer {
  const changed = Buffer.from(bytes)
  for (let left = 1 + random() * 4; left > 0; left--) {
    const at = Math.floor(random() * changed.length)
    const spare = [0x00, 0x7f, 0x80, 0x84, 0xff, 0x30, Math.floor(random() * 256)]
    changed[at] = spare[Math.floor(random() * spare.length)] ?? 0
  }
  if (random() < 0.2) return changed.subarray(0, Math.floor(random() * changed.length))
  if (random() < 0.2) return Buffer.concat([changed, changed.subarray(Math.floor(random() * changed.length))])
  return changed
}

/** A small generator with a seed, so that a failure can be run again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('broken input', () => {
  test('in 100,000 mutated messages gives a message or a protocol failure, in bounded time and memory', () => {
    const random = randomOf(42)
    const requests = fc.sample(request, { numRuns: 500, seed: 42 }).map((message) => requestBytes(1, message))
    const responses = fc
      .sample(response, { numRuns: 500, seed: 42 })
      .map((message) => responseBytes(1, message))
    const before = process.memoryUsage().rss
    let refused = 0
    for (let run = 0; run < 100_000; run++) {
      const original = (run % 2 === 0 ? requests : responses)[(run >> 1) % 500] ?? Buffer.alloc(0)
      const bytes = mutated(original, random)
      try {
        if (run % 2 === 0) readRequest(bytes)
        else readWhole(bytes)
      } catch (error) {
        if (!(error instanceof LdapFailure && error.kind === 'protocol')) throw error
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(50_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('with a filter of a hundred thousand levels does not exhaust the stack', () => {
    let deep: Filter = { type: 'present', attribute: 'cn' }
    for (let level = 0; level < 100_000; level++) deep = { type: 'not', filter: deep }
    const protocol = expect.objectContaining({ kind: 'protocol' })
    expect(() => requestBytes(1, searchFor(deep))).toThrow(protocol)
    const shallow = requestBytes(1, searchFor({ type: 'not', filter: { type: 'present', attribute: 'cn' } }))
    const levels = nested(shallow.subarray(shallow.indexOf(0xa2), shallow.lastIndexOf(0x30)), 100_000)
    expect(() => readFilter(new BerReader(levels))).toThrow(protocol)
  })
})

function searchFor(filter: Filter): Request {
  const limits = { sizeLimit: 0, timeLimit: 0, typesOnly: false } as const
  return { type: 'search', base: '', scope: 'sub', derefAliases: 'never', ...limits, filter, attributes: [] }
}

/** A filter in so many NOTs. */
function nested(filter: Buffer, levels: number): Buffer {
  const header = 6
  const bytes = Buffer.alloc(levels * header + filter.length)
  for (let level = 0; level < levels; level++) {
    bytes.set([0xa2, 0x84], level * header)
    bytes.writeUInt32BE(bytes.length - (level + 1) * header, level * header + 2)
  }
  bytes.set(filter, levels * header)
  return bytes
}

/** Reads a response with all that is decoded only when it is looked at. */
function readWhole(bytes: Buffer): void {
  const { response: read } = readResponse(bytes)
  if (read.type === 'entry')
    for (const { values, texts } of read.entry.attributes.values()) void [values, texts]
}
