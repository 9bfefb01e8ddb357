import { generateKeyPair, hash, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Database, Queries } from './postgres.ts'
import type { Sealer } from './seal.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

const text = z.string()
const rsaMembers = { n: text, e: text, d: text, p: text, q: text, dp: text, dq: text, qi: text }
const rsaJwk = z.object({ kty: z.literal('RSA'), ...rsaMembers })
const ecJwk = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: text, y: text, d: text })
const privateJwk = z.discriminatedUnion('kty', [rsaJwk, ecJwk])
export type PrivateJwk = z.infer<typeof privateJwk>

export type SigningKey = {
  kid: string
  algorithm: SigningAlgorithm
  /** `published`: known to clients, does not sign yet; `retired`: signs no more, its tokens are still checked with it. */
  state: 'published' | 'signing' | 'retired'
  /** The private key. */
  jwk: PrivateJwk
  createdAt: Date
}

/**
 * The keys that sign a tenant's tokens, those that sign first. When it has none, one RSA (2048 bits) and one P-256 key are made; of several
 * replicas that find none at once, one makes them and all get the same. Throws `SealBroken` when no configured key opens them.
 */
export async function loadSigningKeys(
  database: Database,
  sealer: Sealer,
  tenant: string,
  now: Date,
): Promise<SigningKey[]> {
  const keys = await readSigningKeys(database, sealer, tenant)
  if (keys.length > 0) return keys
  return await database.transaction(async (tx) => {
    await tx.execute(lockSql, [`signing-keys ${tenant}`])
    const made = await readSigningKeys(tx, sealer, tenant)
    if (made.length > 0) return made
    for (const algorithm of ['RS256', 'ES256'] as const) await addKey(tx, sealer, tenant, algorithm, now)
    return await readSigningKeys(tx, sealer, tenant)
  })
}

const row = z.object({
  kid: z.string(),
  algorithm: z.enum(['RS256', 'ES256']),
  state: z.enum(['published', 'signing', 'retired']),
  sealed_jwk: z.string(),
  created_at: z.date(),
})

/** The keys that a tenant has, those that sign first. Throws `SealBroken` when no configured key opens them. */
export async function readSigningKeys(
  queries: Queries,
  sealer: Sealer,
  tenant: string,
): Promise<SigningKey[]> {
  const rows = await queries.query(row, readSql, [tenant])
  return rows.map(({ sealed_jwk, created_at, ...key }) => {
    const jwk = sealer.open('signing-key', [tenant, key.kid], sealed_jwk).toString()
    return { ...key, createdAt: created_at, jwk: privateJwk.parse(JSON.parse(jwk)) }
  })
}

async function addKey(
  tx: Queries,
  sealer: Sealer,
  tenant: string,
  algorithm: SigningAlgorithm,
  now: Date,
): Promise<void> {
  const jwk = privateJwk.parse((await makeKey(algorithm)).export({ format: 'jwk' }))
  const kid = thumbprint(jwk)
  const sealed = sealer.seal('signing-key', [tenant, kid], JSON.stringify(jwk))
  await tx.execute(addSql, [tenant, kid, algorithm, sealed, now])
}

const generate = promisify(generateKeyPair)

async function makeKey(algorithm: SigningAlgorithm): Promise<KeyObject> {
  const pair =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  return pair.privateKey
}

/** RFC 7638: the SHA-256 of the public members that a key needs, in the order of their names. */
function thumbprint(jwk: PrivateJwk): string {
  const members =
    jwk.kty === 'RSA'
      ? { e: jwk.e, kty: jwk.kty, n: jwk.n }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
  return hash('sha256', JSON.stringify(members), 'base64url')
}

// Held until the transaction ends.
const lockSql = 'select pg_advisory_xact_lock(hashtextextended($1, 0))'

const readSql = `select kid, algorithm, state, sealed_jwk, created_at from signing_keys where tenant = $1
  order by array_position(array['signing', 'published', 'retired'], state), algorithm desc, created_at desc`

const addSql = `insert into signing_keys (tenant, kid, algorithm, state, sealed_jwk, created_at)
  values ($1, $2, $3, 'signing', $4, $5)`
