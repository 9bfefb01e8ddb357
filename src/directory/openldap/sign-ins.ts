import type { Entry } from '../../ldap/entry.ts'
import type { Condition, StateName } from '../account-state.ts'
import type { Seen } from '../seen.ts'
import { later, time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'

/** Attributes whose absence from an entry says something, since the service account sees them in others. */
export type Sight = { userPassword: boolean; pwdLastSuccess: boolean; authTimestamp: boolean }

export async function sightOf(seen: Seen): Promise<Sight> {
  const [userPassword, pwdLastSuccess, authTimestamp] = await Promise.all([
    seen('userPassword'),
    seen('pwdLastSuccess'),
    seen('authTimestamp'),
  ])
  return { userPassword, pwdLastSuccess, authTimestamp }
}

/** Without the hashes, a closing by another attribute is seen and one by the hash is not. */
export function unseenStates({ userPassword, pwdLastSuccess, authTimestamp }: Sight): StateName[] {
  return [
    ...(userPassword ? [] : (['closed-elsewhere', 'no-password', 'password-elsewhere'] as const)),
    ...(pwdLastSuccess ? [] : (['idle'] as const)),
    ...(pwdLastSuccess || authTimestamp ? [] : (['never-signed-in', 'dormant'] as const)),
  ]
}

/** `lastbind on` (pwdLastSuccess) or the lastbind overlay (authTimestamp). */
export function lastSignIn(entry: Entry): Date | undefined {
  return time(entry, 'pwdLastSuccess') ?? time(entry, 'authTimestamp')
}

export function signInConditions(entry: Entry, sight: Sight, dormantAfter: number, now: Date): Condition[] {
  const since = lastSignIn(entry)
  if (since !== undefined)
    return later(since, dormantAfter * 86_400) < now ? [{ kind: 'dormant', since }] : []
  if (!sight.pwdLastSuccess && !sight.authTimestamp) return []
  const unknownBefore = recordedFrom(entry, sight)
  return [{ kind: 'never-signed-in', ...(unknownBefore && { since: unknownBefore }) }]
}

/** A new password removes pwdLastSuccess, not authTimestamp: of what was before it, nothing is known then. */
function recordedFrom(entry: Entry, sight: Sight): Date | undefined {
  const created = time(entry, 'createTimestamp')
  const changed = sight.authTimestamp ? undefined : time(entry, 'pwdChangedTime')
  return created === undefined || changed === undefined || changed < created ? created : changed
}

/** Shut out for not being there, which slapd does only in a database with `lastbind on`. */
export function idleConditions(entry: Entry, policy: PolicyEntry, now: Date): Condition[] {
  const lastUse = time(entry, 'pwdLastSuccess') ?? time(entry, 'pwdChangedTime')
  if (!policy.lockout || policy.maxIdle === 0 || lastUse === undefined) return []
  const since = later(lastUse, policy.maxIdle)
  return now > since ? [{ kind: 'idle', since }] : []
}
