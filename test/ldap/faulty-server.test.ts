import { afterEach, describe, expect, test } from 'vitest'
import { connect, type Connection, type ConnectOptions } from '../../src/ldap/connection.ts'
import { pagedResults, readPagedResults } from '../../src/ldap/controls/paged-results.ts'
import { first, makeEntry } from '../../src/ldap/entry.ts'
import { START_TLS } from '../../src/ldap/start-tls.ts'
import { until } from '../support/poll.ts'
import { type Answer, type ScriptedPeer, startScriptedPeer, success } from './scripted-peer.ts'

const ends: (() => unknown)[] = []

async function peer(...[react]: Parameters<typeof startScriptedPeer>): Promise<ScriptedPeer> {
  const started = await startScriptedPeer(react)
  ends.push(() => started.stop())
  return started
}

async function client({ url }: ScriptedPeer, options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const connection = await connect({ url, ...options })
  ends.push(() => connection.unbind())
  return connection
}

const sendEntry = (answer: Answer, uid: string): void =>
  answer({ type: 'entry', entry: makeEntry(`uid=${uid}`, { uid }) })

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

describe('a paged search', () => {
  test('goes on over an empty page that has a cookie', async () => {
    const server = await peer(({ request, controls }, answer) => {
      if (request.type !== 'search') return
      const page = Number(readPagedResults(controls)?.cookie.toString() || '0')
      if (page !== 1) sendEntry(answer, `u${page}`)
      const cookie = Buffer.from(page < 2 ? String(page + 1) : '')
      answer({ type: 'searchDone', result: success }, [pagedResults({ size: 0, cookie })])
    })
    const found: unknown[] = []
    for await (const entry of (await client(server)).search({ base: '', paged: 1 }))
      found.push(first(entry, 'uid'))
    expect(found).toEqual(['u0', 'u2'])
  })

  test('ends when the server knows no pages', async () => {
    const server = await peer((_, answer) => {
      sendEntry(answer, 'one')
      answer({ type: 'searchDone', result: success })
    })
    const { entries } = await (await client(server)).searchAll({ base: '', paged: 1 })
    expect(entries.map(({ dn }) => dn)).toEqual(['uid=one'])
  })
})

describe('a search', () => {
  test('hands over intermediate responses and references in their order, with their controls', async () => {
    const control = { oid: '1.2.3', critical: false, value: Buffer.from('cookie') }
    const server = await peer((_, answer) => {
      answer({ type: 'intermediate', oid: '1.3.6.1.4.1.4203.1.9.1.4', value: Buffer.from('x') }, [control])
      sendEntry(answer, 'one')
      answer({ type: 'reference', uris: ['ldap://other/ou=a', 'ldap://third/ou=a'] })
      answer({ type: 'searchDone', result: success })
    })
    const ldap = await client(server)
    const events = await Array.fromAsync(ldap.search({ base: '' }).events())
    expect(events.map(({ type }) => type)).toEqual(['intermediate', 'entry', 'reference'])
    expect(events[0]).toMatchObject({ oid: '1.3.6.1.4.1.4203.1.9.1.4', controls: [control] })
    const search = ldap.search({ base: '' })
    expect((await Array.fromAsync(search)).length).toBe(1)
    expect(search.references).toEqual([['ldap://other/ou=a', 'ldap://third/ou=a']])
    expect(search.outcome?.code).toBe(0)
  })

  test('says where the server sends it, when the result is a referral', async () => {
    const referrals = ['ldap://elsewhere.example/dc=example']
    const server = await peer((_, answer) =>
      answer({ type: 'searchDone', result: { ...success, code: 10, referrals, matchedDn: 'dc=example' } }),
    )
    await expect((await client(server)).searchAll({ base: '' })).rejects.toMatchObject({
      name: 'referral',
      code: 10,
      matchedDn: 'dc=example',
      referrals,
    })
  })

  /** Sends 500 entries of 60 KB to each search, as fast as they are read. */
  async function floodingPeer(): Promise<{ server: ScriptedPeer; sent: () => number }> {
    const big = makeEntry('uid=big', { photo: Buffer.alloc(60_000) })
    let sent = 0
    const server = await peer(({ id, request }, answer, socket) => {
      if (request.type === 'extended') return answer({ type: 'extendedResponse', result: success })
      if (request.type !== 'search') return
      const more = (): void => {
        while (sent < 500) {
          sent += 1
          answer({ type: 'entry', entry: big }, [], id)
          if (socket.writableNeedDrain) return void socket.once('drain', more)
        }
        answer({ type: 'searchDone', result: success }, [], id)
      }
      more()
    })
    return { server, sent: () => sent }
  }

  /** Waits until the server has to wait. */
  async function serverRests(sent: () => number): Promise<void> {
    let before = 0
    await until(() => before === (before = sent()), { within: 5_000, every: 50 })
  }

  test('that reads slowly makes the server wait, and never an operation beside it', async () => {
    const { server, sent } = await floodingPeer()
    const ldap = await client(server)
    let count = 0
    let sentWhileWaiting = 0
    for await (const _ of ldap.search({ base: '' })) {
      count += 1
      if (count > 1) continue
      await serverRests(sent)
      sentWhileWaiting = sent()
      await ldap.whoAmI() // would hang if the socket stayed at rest for the slow loop
    }
    expect(count).toBe(500)
    expect(sentWhileWaiting).toBeLessThan(400)
  })

  test('that is left while the server waits lets it go on', async () => {
    const { server, sent } = await floodingPeer()
    const ldap = await client(server)
    for await (const _ of ldap.search({ base: '' })) {
      await serverRests(sent)
      break
    }
    await until(() => sent() === 500, { within: 5_000 })
    expect(server.requests.map(({ request }) => request.type)).toEqual(['search', 'abandon'])
  })
})

describe('a server that breaks the protocol', () => {
  const cases: [string, (answer: Answer, write: (hex: string) => void) => void][] = [
    ['sends garbage', (_, write) => write('0300002f2ae00000000000436f6f6b6965')],
    ['announces a message of 2 GB', (_, write) => write('30847fffffff02')],
    ['sends an unknown response', (_, write) => write('300502010150 00'.replace(' ', ''))],
    [
      'answers a search with the result of an add',
      (answer) => answer({ type: 'addResponse', result: success }),
    ],
    [
      'sends an entry that is cut short inside',
      (_, write) => write('300c0201016407040161 3002300a'.replace(' ', '')),
    ],
  ]
  test.each(cases)('%s: every operation fails at once and the connection is over', async (_, misbehave) => {
    const server = await peer(({ id }, answer, socket) => {
      if (id === 2)
        misbehave(
          (response) => answer(response, [], 1),
          (hex) => socket.write(Buffer.from(hex, 'hex')),
        )
    })
    const ldap = await client(server)
    const operations = [ldap.searchAll({ base: '' }), ldap.whoAmI()]
    for (const settled of await Promise.allSettled(operations))
      expect(settled).toMatchObject({ status: 'rejected', reason: { name: 'LdapFailure', kind: 'protocol' } })
    await expect(ldap.whoAmI()).rejects.toMatchObject({ kind: 'protocol' })
  })

  test('injects an answer in clear behind the one to StartTLS: the connection is refused', async () => {
    const server = await peer(({ request, id }, answer, socket) => {
      if (request.type !== 'extended' || request.oid !== START_TLS) return
      socket.cork() // both in one packet: what comes later meets the TLS handshake, which refuses it anyway
      answer({ type: 'extendedResponse', result: success })
      answer({ type: 'bindResponse', result: success }, [], id + 1)
      socket.uncork()
    })
    const bind = { dn: 'cn=app', password: 'secret' }
    const refused = client(server, {
      startTls: true,
      bind,
      tls: { rejectUnauthorized: false },
      connectTimeout: 500,
    })
    await expect(refused).rejects.toMatchObject({ name: 'LdapFailure', kind: 'protocol' })
    expect(server.requests.map(({ request }) => request.type)).toEqual(['extended'])
  })

  test('refuses StartTLS: nothing else is sent', async () => {
    const server = await peer((_, answer) =>
      answer({ type: 'extendedResponse', result: { ...success, code: 2 } }),
    )
    const refused = client(server, { startTls: true, bind: { dn: 'cn=app', password: 'secret' } })
    await expect(refused).rejects.toMatchObject({ code: 2 })
    expect(server.requests.some(({ request }) => request.type === 'bind')).toBe(false)
  })

  test('never answers: connecting ends in time', async () => {
    const server = await peer(() => {})
    const bind = { dn: 'cn=app', password: 'secret' }
    await expect(client(server, { bind, connectTimeout: 50 })).rejects.toMatchObject({ kind: 'timeout' })
    const late = { startTls: true, bind, connectTimeout: 50 }
    await expect(client(server, late)).rejects.toMatchObject({ kind: 'timeout' })
  })
})

test('a notice of disconnection fails what runs, with the reason of the server', async () => {
  const server = await peer((_, answer) => {
    const result = { ...success, code: 52, diagnostic: 'going down' }
    answer({ type: 'extendedResponse', result, oid: '1.3.6.1.4.1.1466.20036' }, [], 0)
  })
  const ldap = await client(server)
  const failure = await ldap.whoAmI().catch((error: unknown) => error)
  expect(failure).toMatchObject({ kind: 'closed' })
  expect(String(failure)).toContain('unavailable) going down')
})

test('an operation that gets no answer is abandoned alone, after its own time or at its caller’s wish', async () => {
  const server = await peer(({ request }, answer) => {
    if (request.type === 'extended')
      answer({ type: 'extendedResponse', result: success, value: Buffer.from('u:x') })
  })
  const ldap = await client(server)
  await expect(ldap.searchAll({ base: '', timeout: 30 })).rejects.toMatchObject({ kind: 'timeout' })
  const controller = new AbortController()
  const aborted = ldap.searchAll({ base: '', signal: controller.signal })
  controller.abort(new Error('no longer needed'))
  await expect(aborted).rejects.toMatchObject({ kind: 'aborted' })
  expect(await ldap.whoAmI()).toBe('u:x')
  const abandoned = server.requests.flatMap(({ request }) =>
    request.type === 'abandon' ? [request.messageId] : [],
  )
  expect(abandoned).toEqual([1, 3])
})
