import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { text } from '../../src/ldap/entry.ts'
import type { Pool } from '../../src/ldap/pool.ts'
import { createReplicatedPool, type ReplicatedPoolOptions } from '../../src/ldap/replicated-pool.ts'
import { until } from '../support/poll.ts'
import { startReplicated, type Replicated } from '../support/replicas.ts'
import type { Slapd } from '../support/slapd.ts'

let servers: Replicated
let replica: Slapd
const pools: Pool[] = []

beforeAll(async () => {
  servers = await startReplicated(1)
  const [first] = servers.replicas
  if (first === undefined) throw new Error('no replica')
  replica = first
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close(0)))
})
afterAll(() => servers.stop())

/** Reads at the replica, writes at the primary, unless told otherwise. */
function open(changes: Partial<ReplicatedPoolOptions> = {}): Pool {
  const { url, appDn: dn, appPassword: password } = servers.primary
  const pool = createReplicatedPool({
    urls: [replica.url],
    primaries: [url],
    writeMarks: ['entryCSN'],
    connect: { bind: { dn, password }, connectTimeout: 800 },
    ...changes,
  })
  pools.push(pool)
  return pool
}

let last = 9
const somebody = () => `uid=u${String(++last).padStart(6, '0')},ou=people,${servers.primary.suffix}`
const retitle = (pool: Pool, dn: string, title: string) =>
  pool.modify(dn, [{ operation: 'replace', attribute: 'title', values: [title] }])
const titleOf = async (pool: Pool, dn: string) => text((await pool.read(dn)) ?? neverEntry(), 'title')

describe('a pool over a primary and a replica', () => {
  test('reads at the replica and writes at the primary', async () => {
    const pool = open()
    const dn = somebody()
    await retitle(pool, dn, 'Written at the primary')
    expect(await titleOf(pool, dn)).toEqual(['Written at the primary'])
    // Behind the pool's back: a read that came from the primary would have it at once.
    servers.primary.pause()
    expect(await titleOf(pool, dn)).toEqual(['Written at the primary'])
    servers.primary.resume()
  })

  test('reads what it wrote, also when the replica has not got it yet', async () => {
    const late = await startReplicated(1, { late: true })
    const [behind] = late.replicas
    if (behind === undefined) throw new Error('no replica')
    const pool = open({ urls: [behind.url], primaries: [late.primary.url], catchUpWithin: 20 })
    const atReplica = open({ urls: [behind.url], primaries: [] })
    let wasLate = 0
    for (let n = 0; n < 5; n++) {
      const dn = somebody()
      await retitle(pool, dn, `Not there yet ${n}`)
      expect(await titleOf(pool, dn)).toEqual([`Not there yet ${n}`])
      if ((await titleOf(atReplica, dn))[0] !== `Not there yet ${n}`) wasLate += 1
    }
    expect(wasLate).toBeGreaterThan(0)
    await late.stop()
  })

  test('answers a write when the replica has it, so that others read it too', async () => {
    const [writer, reader] = [open(), open({ primaries: [] })]
    for (let n = 0; n < 20; n++) {
      const dn = somebody()
      await retitle(writer, dn, `Round ${n}`)
      expect(await titleOf(reader, dn)).toEqual([`Round ${n}`])
    }
  })

  test('follows a replica that refers a write to a server that is named, and to no other', async () => {
    const named = open({ urls: [replica.url, servers.primary.url], primaries: [] })
    const dn = somebody()
    await retitle(named, dn, 'Referred')
    await until(async () => (await titleOf(named, dn))[0] === 'Referred', { within: 5_000, every: 20 })
    const stranger = open({ urls: [replica.url], primaries: [] })
    await expect(retitle(stranger, dn, 'Sent to a stranger')).rejects.toMatchObject({ name: 'referral' })
  })

  test('reads at the primary while no replica answers, and at the replica again when it is back', async () => {
    const pool = open()
    const dn = somebody()
    await pool.read(dn)
    await replica.kill()
    expect(await pool.read(dn)).toBeDefined()
    await retitle(pool, dn, 'Without a replica')
    expect(await titleOf(pool, dn)).toEqual(['Without a replica'])
    await replica.restart()
    await until(() => readsAtReplica(pool, dn), { within: 5_000, every: 50 })
  })
})

/** Whether a read succeeds while the primary is stopped. */
async function readsAtReplica(pool: Pool, dn: string): Promise<boolean> {
  servers.primary.pause()
  const read = pool.read(dn, { timeout: 200 }).then(
    () => true,
    () => false,
  )
  const isRead = await read
  servers.primary.resume()
  return isRead
}

function neverEntry(): never {
  throw new Error('no entry')
}
