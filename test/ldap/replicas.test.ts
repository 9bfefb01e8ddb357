import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../src/ldap/entry.ts'
import type { Pool } from '../../src/ldap/pool.ts'
import { createReplicatedPool, type ReplicatedPoolOptions } from '../../src/ldap/replicated-pool.ts'
import { until } from '../support/poll.ts'
import { startReplicated, type Replica, type Replicated } from '../support/replicas.ts'
import { startScriptedPeer, success } from './scripted-peer.ts'

let servers: Replicated
let near: Replica
let far: Replica
const pools: Pool[] = []

beforeAll(async () => {
  servers = await startReplicated(2)
  const [one, other] = servers.replicas
  if (one === undefined || other === undefined) throw new Error('two replicas were expected')
  ;[near, far] = [one, other]
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close(0)))
})
afterAll(() => servers.stop())

/** Reads at the near replica, writes at the primary, unless told otherwise. */
function open(changes: Partial<ReplicatedPoolOptions> = {}): Pool {
  const { url, appDn: dn, appPassword: password } = servers.primary
  const pool = createReplicatedPool({
    urls: [near.url],
    primaries: [url],
    writeMarks: ['entryCSN'],
    connect: { bind: { dn, password } },
    ...changes,
  })
  pools.push(pool)
  return pool
}

const openAt = ({ url }: { url: string }): Pool => open({ urls: [url], primaries: [] })

let last = 9
const somebody = (): { dn: string; password: string } => {
  const login = `u${String(++last).padStart(6, '0')}`
  return { dn: `uid=${login},ou=people,${servers.primary.suffix}`, password: `pw-${login}` }
}

const retitle = (pool: Pool, dn: string, title: string) =>
  pool.modify(dn, [{ operation: 'replace', attribute: 'title', values: [title] }])

async function titleOf(pool: Pool, dn: string): Promise<string | undefined> {
  const entry = await pool.read(dn)
  return entry && text(entry, 'title')[0]
}

/** Whether reads succeed while the primary is stopped. */
async function readsAtReplica(pool: Pool, dn: string): Promise<boolean> {
  await servers.primary.pause()
  try {
    for (let n = 0; n < 5; n++) await pool.read(dn, { timeout: 200 })
    return true
  } catch {
    return false
  } finally {
    servers.primary.resume()
  }
}

describe('a pool over a primary and its replicas', () => {
  test('reads at the replica and writes at the primary', async () => {
    const pool = open()
    const { dn } = somebody()
    await retitle(pool, dn, 'Written at the primary')
    expect(await readsAtReplica(pool, dn)).toBe(true)
  })

  test('answers a write when the replica has it, so that others read it too', async () => {
    const [writer, primary, reader] = [open(), openAt(servers.primary), openAt(near)]
    const { dn } = somebody()
    near.line.hold()
    let isAnswered = false
    const writing = retitle(writer, dn, 'On its way').then(() => (isAnswered = true))
    await until(async () => (await titleOf(primary, dn)) === 'On its way', { within: 900 })
    expect([isAnswered, await titleOf(reader, dn)]).toEqual([false, expect.not.stringContaining('On its')])
    near.line.release()
    await writing
    expect(await titleOf(reader, dn)).toBe('On its way')
  })

  test('reads what it wrote while the replica does not get it, and at the replica afterwards', async () => {
    const [pool, replica] = [open({ catchUpWithin: 20 }), openAt(near)]
    const { dn, password } = somebody()
    near.line.hold()
    await retitle(pool, dn, 'Not there yet')
    await pool.passwordModify({ user: dn, newPassword: 'a-new-one-1' })
    expect(await titleOf(pool, dn)).toBe('Not there yet')
    await pool.verifyBind(dn, 'a-new-one-1')
    expect(await titleOf(replica, dn)).not.toBe('Not there yet')
    await replica.verifyBind(dn, password)
    near.line.release()
    await until(() => readsAtReplica(pool, dn), { within: 5_000, every: 50 })
    expect(await titleOf(replica, dn)).toBe('Not there yet')
  })

  test('does not wait for what somebody else wrote over', async () => {
    const [pool, other] = [open({ catchUpWithin: 20 }), openAt(servers.primary)]
    const { dn } = somebody()
    near.line.hold()
    await retitle(pool, dn, 'First')
    await retitle(other, dn, 'Second')
    near.line.release()
    await until(() => readsAtReplica(pool, dn), { within: 3_000, every: 50 })
    expect(await titleOf(pool, dn)).toBe('Second')
  })

  test('reads what it wrote from a replica that was away meanwhile', async () => {
    const pool = open()
    const { dn } = somebody()
    await pool.read(dn)
    await near.kill()
    await retitle(pool, dn, 'While it was away')
    expect(await titleOf(pool, dn)).toBe('While it was away')
    near.line.hold()
    await near.restart()
    await until(() => pool.preferred() === near.url, { within: 3_000 })
    expect(await titleOf(openAt(near), dn)).not.toBe('While it was away')
    for (let n = 0; n < 10; n++) expect(await titleOf(pool, dn)).toBe('While it was away')
    near.line.release()
    await until(() => readsAtReplica(pool, dn), { within: 5_000, every: 50 })
  })

  test('reads what it wrote when the replica that had it dies and the next one lags', async () => {
    const pool = open({ urls: [near.url, far.url] })
    const { dn } = somebody()
    far.line.hold()
    await retitle(pool, dn, 'Only near')
    await pool.passwordModify({ user: dn, newPassword: 'a-new-one-2' })
    await near.pause() // so that these are on their way when it dies
    const asked = Promise.all([titleOf(pool, dn), pool.verifyBind(dn, 'a-new-one-2')])
    await near.kill()
    expect((await asked)[0]).toBe('Only near')
    expect(await titleOf(pool, dn)).toBe('Only near')
    expect(await titleOf(openAt(far), dn)).not.toBe('Only near')
    far.line.release()
    await near.restart()
  })
})

describe('a write that a replica refers to its primary', () => {
  test('is done there, the change of a password by its owner too', async () => {
    const pool = open({ urls: [near.url, servers.primary.url], primaries: [] })
    const { dn, password } = somebody()
    await retitle(pool, dn, 'Referred')
    await pool.asUser(dn, password, (own) => own.passwordModify({ newPassword: 'a-new-one-3' }))
    const primary = openAt(servers.primary)
    expect(await titleOf(primary, dn)).toBe('Referred')
    await primary.verifyBind(dn, 'a-new-one-3')
  })

  test('is refused when that is no server of the configuration', async () => {
    const { dn } = somebody()
    await expect(retitle(openAt(near), dn, 'Sent to a stranger')).rejects.toMatchObject({ name: 'referral' })
  })

  test('goes nowhere else: reads and binds follow no referral', async () => {
    const other = await startScriptedPeer(() => {})
    const result = { ...success, code: 10, referrals: [other.url] }
    const referring = await startScriptedPeer(({ request }, answer) => {
      if (request.type === 'bind') answer({ type: 'bindResponse', result })
      if (request.type === 'search') answer({ type: 'searchDone', result })
    })
    const pool = open({ urls: [referring.url, other.url], primaries: [], connect: {} })
    for (const act of [
      pool.read('dc=example'),
      pool.verifyBind('uid=somebody', 'a password'),
      pool.asUser('uid=somebody', 'a password', (own) => own.whoAmI()),
    ])
      await expect(act).rejects.toMatchObject({ name: 'referral' })
    expect(other.requests).toEqual([])
    await Promise.all([referring.stop(), other.stop()])
  })
})
