import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { assertion } from '../../../src/ldap/controls/assertion.ts'
import { pagedResults, readPagedResults } from '../../../src/ldap/controls/paged-results.ts'
import { postRead, readPostRead } from '../../../src/ldap/controls/post-read.ts'
import { BerWriter } from '../../../src/ldap/ber-writer.ts'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { parseFilter } from '../../../src/ldap/filter.ts'
import { type Request, writeRequest } from '../../../src/ldap/request.ts'
import { readResponse, type ResponseMessage } from '../../../src/ldap/response.ts'
import { MessageFramer } from '../../../src/ldap/framing.ts'
import { Secret } from '../../../src/ldap/secret.ts'
import { until } from '../../support/poll.ts'
import { app, dnOf, makeSeed, type Peer, startEmbedded, suffix } from './peers.ts'

const people = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [`p${index}`, { description: 'x'.repeat(2000) }]),
)
const faults: unknown[] = []
let directory: Peer
let client: Connection
beforeAll(async () => {
  directory = await startEmbedded(makeSeed(people), { log: (error) => faults.push(error) })
  client = await connect({ url: directory.url, bind: app })
})
afterAll(async () => {
  client.unbind()
  await directory.stop()
})
// Whatever a test did: others are served, and nothing went wrong inside.
afterEach(async () => {
  await client.whoAmI()
  if (faults.length > 0) throw new AggregateError(faults)
})

async function open(): Promise<Socket> {
  const socket = connectSocket(Number(new URL(directory.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends requests as they are and collects what comes back. */
async function talk(): Promise<{
  socket: Socket
  send: (id: number, request: Request) => void
  got: ResponseMessage[]
}> {
  const socket = await open()
  const got: ResponseMessage[] = []
  const framer = new MessageFramer(1 << 24)
  socket.on('data', (chunk) =>
    framer.push(chunk, (buffer, start, end) => got.push(readResponse(buffer, start, end))),
  )
  const send = (id: number, request: Request): void => {
    const writer = new BerWriter()
    writeRequest(writer, id, request, [])
    socket.write(writer.take())
  }
  return { socket, send, got }
}

const bindRequest: Request = {
  type: 'bind',
  version: 3,
  dn: app.dn,
  authentication: { method: 'simple', password: new Secret(app.password) },
}
const searchRequest: Request = {
  type: 'search',
  base: suffix,
  scope: 'sub',
  derefAliases: 'never',
  sizeLimit: 0,
  timeLimit: 0,
  typesOnly: false,
  filter: parseFilter('(objectClass=*)'),
  attributes: [],
}

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(6)
  length.writeUInt16BE((tag << 8) | 0x84)
  length.writeUInt32BE(Buffer.concat(contents).length, 2)
  return Buffer.concat([length, ...contents])
}

/** A search whose filter our own encoder would not write. */
function nestedFilter(depth: number): Buffer {
  const headers = Array.from({ length: depth }, (_, level) => {
    const header = Buffer.from([0xa2, 0x84, 0, 0, 0, 0])
    header.writeUInt32BE(4 + (depth - 1 - level) * 6, 2)
    return header
  })
  const filter = Buffer.concat([...headers, Buffer.from('87026f75', 'hex')])
  const limits = Buffer.from('04000a01020a0100020100020100010100', 'hex')
  return element(
    0x30,
    Buffer.from('020101', 'hex'),
    element(0x63, limits, filter, Buffer.from('3000', 'hex')),
  )
}

test.each([
  ['an RDP probe', Buffer.from('030000130ee000000000000100080003000000', 'hex')],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['an announced length of 2 GB', Buffer.from('30847fffffff', 'hex')],
  ['a message without end', Buffer.from('3080', 'hex')],
  ['an operation that does not exist', Buffer.from('30050201017f00', 'hex')],
  ['a filter nested 20,000 deep', nestedFilter(20_000)],
])('%s ends its own connection only', async (_, bytes) => {
  const socket = await open()
  socket.resume()
  const closed = once(socket, 'close')
  socket.write(bytes)
  await closed
  expect(socket.destroyed).toBe(true)
})

test('a client that breaks the protocol is told why, before it is let go', async () => {
  const { socket, got } = await talk()
  socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  await once(socket, 'close')
  expect(got).toMatchObject([
    { id: 0, response: { type: 'extendedResponse', oid: '1.3.6.1.4.1.1466.20036', result: { code: 2 } } },
  ])
})

test('2,000 mutated messages hurt nobody', async () => {
  const writer = new BerWriter()
  // Many of them are wrong passwords, which lock an account that no other test needs.
  for (const request of [{ ...bindRequest, dn: dnOf('p299') }, searchRequest])
    writeRequest(writer, 1, request, [{ oid: '1.2', critical: true }])
  const message = writer.take()
  const mutation = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 20, maxLength: 20 }), async (batch) => {
      const sockets = await Promise.all(batch.map(open))
      const closed = sockets.map((socket) => once(socket.resume(), 'close'))
      for (const [index, changes] of batch.entries()) {
        const bytes = Buffer.from(message)
        for (const [at, byte] of changes) bytes[at] = byte
        sockets[index]?.end(bytes)
      }
      await Promise.all(closed)
      expect(await client.whoAmI()).toBe(`dn:${app.dn}`)
    }),
    { numRuns: 100 },
  )
})

test('SASL, unknown versions and (|) are refused or answered, the connection lives on', async () => {
  const { send, got } = await talk()
  send(1, {
    type: 'bind',
    version: 3,
    dn: '',
    authentication: { method: 'sasl', mechanism: 'GSSAPI', credentials: new Secret('x') },
  })
  send(2, {
    type: 'bind',
    version: 2,
    dn: '',
    authentication: { method: 'simple', password: new Secret('') },
  })
  send(3, bindRequest)
  send(4, { ...searchRequest, filter: { type: 'or', filters: [] } })
  await until(() => got.length === 4, { within: 2000 })
  expect(got.map(({ response }) => 'result' in response && response.result.code)).toEqual([7, 2, 0, 0])
})

test('a failed bind leaves nobody bound', async () => {
  const { send, got } = await talk()
  send(1, bindRequest)
  send(2, { ...bindRequest, authentication: { method: 'simple', password: new Secret('wrong') } })
  send(3, searchRequest)
  await until(() => got.length === 3, { within: 2000 })
  expect(got.map(({ response }) => 'result' in response && response.result.code)).toEqual([0, 49, 32])
})

test('a client that does not read makes the server wait, not grow', async () => {
  const { socket, send, got } = await talk()
  send(1, bindRequest)
  await until(() => got.length === 1, { within: 2000 })
  socket.pause()
  const before = process.memoryUsage().rss
  // 120 answers of some 700 KB each.
  for (let id = 2; id < 122; id++) send(id, searchRequest)
  for (let round = 0; round < 50; round++) await client.read(dnOf('p1'))
  expect(process.memoryUsage().rss - before).toBeLessThan(40 << 20)
  socket.resume()
  await until(() => got.at(-1)?.id === 121 && got.at(-1)?.response.type === 'searchDone', { within: 20_000 })
})

test('abandon ends a search without a word, Cancel with one', async () => {
  const { socket, send, got } = await talk()
  send(1, bindRequest)
  await until(() => got.length === 1, { within: 2000 })
  socket.pause()
  for (let id = 2; id < 42; id++) send(id, searchRequest)
  send(50, { type: 'abandon', messageId: 40 })
  send(51, { type: 'extended', oid: '1.3.6.1.1.8', value: Buffer.from('3003020129', 'hex') })
  send(52, { type: 'extended', oid: '1.3.6.1.1.8', value: Buffer.from('3003020163', 'hex') })
  await client.whoAmI()
  socket.resume()
  await until(() => got.some(({ id, response }) => id === 39 && response.type === 'searchDone'), {
    within: 20_000,
  })
  const codes = new Map(
    got.map(({ id, response }) => [id, 'result' in response ? response.result.code : undefined]),
  )
  expect([40, 41, 51, 52].map((id) => codes.get(id))).toEqual([undefined, 118, 0, 119])
})

test('two paged searches run on one connection, and a cookie of neither is refused', async () => {
  const query = { base: suffix, paged: 50 }
  const [left, right] = await Promise.all([
    client.searchAll({ ...query, filter: parseFilter('(uid=p1*)') }),
    client.searchAll({ ...query, filter: parseFilter('(uid=p2*)') }),
  ])
  expect([left.entries.length, right.entries.length]).toEqual([111, 111])
  const { socket, send, got } = await talk()
  send(1, bindRequest)
  const writer = new BerWriter()
  const cookie = { size: 50, cookie: Buffer.from('nobody gave this') }
  writeRequest(writer, 2, searchRequest, [pagedResults(cookie)])
  socket.write(writer.take())
  await until(() => got.length === 2, { within: 2000 })
  expect(got[1]).toMatchObject({ id: 2, response: { type: 'searchDone', result: { code: 53 } } })
})

test('who binds as somebody else cannot read on in the pages of the one before', async () => {
  const { socket, send, got } = await talk()
  const page = (id: number, cookie: Buffer): void => {
    const writer = new BerWriter()
    writeRequest(writer, id, searchRequest, [pagedResults({ size: 2, cookie })])
    socket.write(writer.take())
  }
  send(1, bindRequest)
  page(2, Buffer.alloc(0))
  await until(() => got.length === 4, { within: 2000 })
  send(3, { ...bindRequest, dn: '', authentication: { method: 'simple', password: new Secret('') } })
  page(4, readPagedResults(got[3]?.controls ?? [])?.cookie ?? Buffer.alloc(0))
  await until(() => got.length === 6, { within: 2000 })
  expect(got[5]).toMatchObject({ id: 4, response: { type: 'searchDone', result: { code: 53 } } })
})

test('a large photo comes back byte for byte', async () => {
  const photo = randomBytes(2 << 20)
  await client.modify(dnOf('p5'), [{ operation: 'replace', attribute: 'jpegPhoto', values: [photo] }])
  const entry = await client.read(dnOf('p5'), { attributes: ['jpegPhoto'] })
  expect(entry?.attributes.get('jpegphoto')?.values[0]?.equals(photo)).toBe(true)
})

test('of many guesses at once no more are answered than the policy allows, the right one behind them included', async () => {
  await client.passwordModify({ user: dnOf('p7'), newPassword: 'the right password' })
  const connections = await Promise.all(Array.from({ length: 12 }, () => connect({ url: directory.url })))
  const guesses = connections.map((connection, index) =>
    connection.bind({ dn: dnOf('p7'), password: index === 11 ? 'the right password' : 'wrong' }).then(
      () => 'in',
      () => 'refused',
    ),
  )
  expect(new Set(await Promise.all(guesses))).toEqual(new Set(['refused']))
  for (const connection of connections) connection.unbind()
})

test('the assertion and post-read controls work in the same step', async () => {
  const title = (value: string) => [{ operation: 'replace', attribute: 'title', values: [value] }] as const
  const outcome = await client.modify(dnOf('p9'), title('one'), {
    controls: [postRead(['title', 'modifyTimestamp'])],
  })
  expect([...(readPostRead(outcome.controls)?.attributes.keys() ?? [])].toSorted()).toEqual([
    'modifytimestamp',
    'title',
  ])
  const ifTwo = { controls: [assertion(parseFilter('(title=two)'))] }
  await expect(client.modify(dnOf('p9'), title('three'), ifTwo)).rejects.toThrow('122')
})
