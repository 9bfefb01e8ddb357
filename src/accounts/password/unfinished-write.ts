import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { AuditParty } from '../../audit/event.ts'
import type { EphemeralStore } from '../../store/ephemeral.ts'
import { SealBroken, type Sealer } from '../../store/seal.ts'

/** Seconds in which what a directory did not take can be brought there without a new password. */
const LIFETIME = 600
/** Seconds that one try to finish may take. */
const LONGEST = 60
/** Before what names the one caller that finishes it. */
const CLAIM = 'claim '

const schema = z.object({
  id: z.string(),
  password: z.string(),
  mustChange: z.boolean(),
  /** Directories and what is missing there. */
  missing: z.array(z.object({ directory: z.string(), part: z.enum(['password', 'nt-hash']) })),
  /** Milliseconds since 1970. */
  until: z.number(),
})
export type Unfinished = z.infer<typeof schema>

export type UnfinishedStore = { ephemeral: EphemeralStore; sealer: Sealer }

/** Of whose password, and who wrote it: nobody else can finish it. */
export type UnfinishedOwner = { tenant: string; accountId: string; by: AuditParty }

/**
 * Keeps, sealed, what is still to be written; in place of what was kept before for the account, or only of the `claim` of who tried to finish that.
 * Null when it is too late, or the claim has ended.
 */
export async function keepUnfinished(
  { ephemeral, sealer }: UnfinishedStore,
  owner: UnfinishedOwner,
  { claim, ...unfinished }: Omit<Unfinished, 'id' | 'until'> & { until?: number; claim?: string },
  now: Date,
): Promise<string | null> {
  const until = unfinished.until ?? now.getTime() + LIFETIME * 1000
  const ttl = Math.floor((until - now.getTime()) / 1000)
  if (ttl < 1) return null
  const id = randomBytes(16).toString('base64url')
  const secret = JSON.stringify({ ...unfinished, id, until } satisfies Unfinished)
  const sealed = sealer.seal('password', contextOf(owner), secret)
  if (claim !== undefined)
    return (await ephemeral.compareAndSet(keyOf(owner), claim, sealed, ttl)) ? id : null
  await ephemeral.set(keyOf(owner), sealed, ttl)
  return id
}

/** A newer password ends what was left of an older one. */
export async function forgetUnfinished(
  { ephemeral }: Pick<UnfinishedStore, 'ephemeral'>,
  owner: Pick<UnfinishedOwner, 'tenant' | 'accountId'>,
): Promise<void> {
  await ephemeral.delete(keyOf(owner))
}

/** What is still to be written, if this party wrote the rest. */
export async function findUnfinished(
  store: UnfinishedStore,
  owner: UnfinishedOwner,
): Promise<Unfinished | null> {
  return open(store.sealer, owner, await store.ephemeral.get(keyOf(owner)))
}

/** The same, for the one caller that finishes it. Its `claim` stands until a newer password ends it, or for as long as one try may take. */
export async function takeUnfinished(
  { ephemeral, sealer }: UnfinishedStore,
  owner: UnfinishedOwner,
  id: string,
): Promise<{ found: Unfinished; claim: string } | null> {
  const sealed = await ephemeral.get(keyOf(owner))
  const found = open(sealer, owner, sealed)
  if (found === null || found.id !== id) return null
  const claim = CLAIM + randomBytes(16).toString('base64url')
  return (await ephemeral.compareAndSet(keyOf(owner), sealed, claim, LONGEST)) ? { found, claim } : null
}

export async function isClaimed(
  { ephemeral }: Pick<UnfinishedStore, 'ephemeral'>,
  owner: UnfinishedOwner,
  claim: string,
): Promise<boolean> {
  return (await ephemeral.get(keyOf(owner))) === claim
}

function open(sealer: Sealer, owner: UnfinishedOwner, sealed: string | null): Unfinished | null {
  if (sealed === null || sealed.startsWith(CLAIM)) return null
  try {
    return schema.parse(JSON.parse(sealer.open('password', contextOf(owner), sealed).toString()))
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}

function keyOf({ tenant, accountId }: Pick<UnfinishedOwner, 'tenant' | 'accountId'>): string {
  return `password-unfinished:${tenant}:${accountId}`
}

function contextOf({ tenant, accountId, by }: UnfinishedOwner): string[] {
  return [
    'password-unfinished',
    tenant,
    accountId,
    by.kind,
    by.kind === 'person' ? by.directory : '',
    'id' in by ? by.id : '',
  ]
}
