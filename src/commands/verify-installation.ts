import { z } from 'zod'
import { verifyPeople } from '../audit/verify-people.ts'
import type { Anchor } from '../audit/verify-chain.ts'
import type { Config } from '../config/schema.ts'
import { startJobs } from '../jobs/start-jobs.ts'
import type { MessageKey, MessageParams } from '../messages/message.ts'
import { findForeignSeals } from '../store/foreign-seals.ts'
import { doneMigrations, pendingMigrations } from '../store/migrations.ts'
import { SealBroken } from '../store/seal.ts'
import { readSigningKeys } from '../store/signing-keys.ts'
import { countTenantRows, type TenantRows } from '../store/tenant-rows.ts'
import type { Stores } from './open-stores.ts'

/** One thing that was looked at. `tenant` is null for what all share. */
export type Proof = {
  readonly check: 'schema' | 'jobs' | 'seals' | 'audit' | 'people' | 'signing-keys' | 'sign-in'
  readonly tenant: string | null
  readonly ok: boolean
  readonly says: readonly [key: MessageKey, params: MessageParams]
}

export const verificationSchema = z.object({
  counts: z.record(z.string(), z.record(z.string(), z.number())),
  heads: z.record(z.string(), z.object({ seq: z.number(), hash: z.string() })),
})
/** What was there at some time: a later verification is held against it. */
export type Noted = z.infer<typeof verificationSchema>

export type Verification = {
  readonly proofs: readonly Proof[]
  readonly counts: TenantRows
  readonly heads: Noted['heads']
}

/**
 * Proves, reading only, that the database is whole and that the configuration has the keys to it. `noted`: from before the backup; events that were there then
 * and are not any more are a fault of the audit.
 */
export async function verifyInstallation(
  stores: Stores,
  config: Config,
  noted?: Noted,
): Promise<Verification> {
  const schema = await verifySchema(stores)
  if (!schema.ok) return { proofs: [schema], counts: {}, heads: {} }
  const proofs = [schema, await verifyJobs(stores, config), ...(await verifySeals(stores))]
  const heads: Record<string, Anchor> = {}
  for (const { name: tenant } of config.tenants) {
    const anchor = noted?.heads[tenant]
    const verdict = await stores.audit.verify(
      tenant,
      anchor === undefined || anchor.seq === 0 ? [] : [anchor],
    )
    if (verdict.ok) heads[tenant] = verdict.head
    proofs.push(
      proof('audit', tenant, verdict.ok, {
        events: verdict.events,
        fault: verdict.ok ? '' : verdict.fault,
      }),
      await verifyKeysOfPeople(stores, tenant),
      await verifySigningKeys(stores, tenant),
    )
  }
  return { proofs, counts: await countTenantRows(stores.database), heads }
}

function proof(check: Proof['check'], tenant: string | null, ok: boolean, params: MessageParams): Proof {
  return { check, tenant, ok, says: [ok ? `verify.${check}.ok` : `verify.${check}.fault`, params] }
}

async function verifySchema({ database }: Stores): Promise<Proof> {
  const [done, missing] = [await doneMigrations(database), await pendingMigrations(database)]
  return proof('schema', null, missing.length === 0, { count: done.size, missing: missing.join(', ') })
}

async function verifyJobs({ sealer }: Stores, { database: url }: Config): Promise<Proof> {
  const jobs = startJobs({ url, sealer, works: false, onError: () => {} })
  try {
    await jobs.ping()
    return proof('jobs', null, true, {})
  } catch {
    return proof('jobs', null, false, {})
  } finally {
    await jobs.stop()
  }
}

async function verifySeals({ database, sealer }: Stores): Promise<Proof[]> {
  const foreign = await findForeignSeals(database, sealer)
  if (foreign.length === 0) return [proof('seals', null, true, {})]
  return foreign.map(({ column, keyId, values }) => proof('seals', null, false, { column, keyId, values }))
}

async function verifyKeysOfPeople({ database, sealer }: Stores, tenant: string): Promise<Proof> {
  const { opened, broken } = await verifyPeople(database, sealer, tenant)
  return proof('people', tenant, broken === 0, { opened, broken })
}

async function verifySigningKeys({ database, sealer }: Stores, tenant: string): Promise<Proof> {
  try {
    const keys = await readSigningKeys(database, sealer, tenant)
    return proof('signing-keys', tenant, true, { count: keys.length })
  } catch (error) {
    if (error instanceof SealBroken || error instanceof z.ZodError || error instanceof SyntaxError)
      return proof('signing-keys', tenant, false, {})
    throw error
  }
}
