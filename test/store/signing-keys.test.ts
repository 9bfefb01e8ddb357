import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSealer, SealBroken } from '../../src/store/seal.ts'
import { loadSigningKeys } from '../../src/store/signing-keys.ts'
import { testDatabase } from '../support/postgres.ts'

let database: Database
beforeAll(async () => {
  const { url } = await testDatabase()
  await migrate(url)
  database = connectDatabase(url)
  return () => database.close()
})

const newKey = () => randomBytes(32).toString('hex')
const oldKey = newKey()
const sealer = createSealer([oldKey])
const now = new Date('2026-11-25T10:00:00Z')

describe('the signing keys of a tenant', () => {
  test('are one RSA and one P-256 key that sign', async () => {
    const keys = await loadSigningKeys(database, sealer, 'acme', now)
    expect(keys.map(({ algorithm, state, createdAt }) => ({ algorithm, state, createdAt }))).toEqual([
      { algorithm: 'RS256', state: 'signing', createdAt: now },
      { algorithm: 'ES256', state: 'signing', createdAt: now },
    ])
    for (const { jwk } of keys) {
      const key = createPrivateKey({ key: jwk, format: 'jwk' })
      const signature = sign('sha256', Buffer.from('text'), key)
      expect(verify('sha256', Buffer.from('text'), createPublicKey(key), signature)).toBe(true)
    }
    expect(await loadSigningKeys(database, sealer, 'acme', new Date())).toEqual(keys)
  })

  test('are the same for replicas that start at once, and others for another tenant', async () => {
    const load = (tenant: string) => loadSigningKeys(database, sealer, tenant, now)
    const [first, ...others] = await Promise.all([load('race'), load('race'), load('race'), load('race')])
    for (const keys of others) expect(keys).toEqual(first)
    const kids = new Set((await load('other')).map(({ kid }) => kid))
    expect(first?.some(({ kid }) => kids.has(kid))).toBe(false)
  })

  test('are closed in the database, also for another tenant of ours', async () => {
    const keys = await loadSigningKeys(database, sealer, 'sealed', now)
    const rows = await database.query(
      z.object({ row: z.string() }),
      `select k::text as row from signing_keys k where tenant = 'sealed'`,
    )
    for (const { jwk } of keys) expect(rows.some(({ row }) => row.includes(jwk.d))).toBe(false)
    await database.execute(`update signing_keys set tenant = 'thief' where tenant = 'sealed'`)
    await expect(loadSigningKeys(database, sealer, 'thief', now)).rejects.toThrow(SealBroken)
  })

  test('open after the configured key was rotated, as long as the old one is listed', async () => {
    const keys = await loadSigningKeys(database, sealer, 'rotated', now)
    const key = newKey()
    expect(await loadSigningKeys(database, createSealer([key, oldKey]), 'rotated', now)).toEqual(keys)
    await expect(loadSigningKeys(database, createSealer([key]), 'rotated', now)).rejects.toThrow(SealBroken)
  })
})
