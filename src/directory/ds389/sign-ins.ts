import type { Entry } from '../../ldap/entry.ts'
import type { Condition, StateName } from '../account-state.ts'
import type { Seen } from '../seen.ts'
import { later, time } from '../entry-time.ts'

/** Attributes whose absence from an entry says something, since the service account sees them in others. */
export type Sight = { userPassword: boolean; lastLoginTime: boolean }

export async function sightOf(seen: Seen): Promise<Sight> {
  const [userPassword, lastLoginTime] = await Promise.all([seen('userPassword'), seen('lastLoginTime')])
  return { userPassword, lastLoginTime }
}

/** Without the hashes, a closing by another attribute is seen and one by the hash is not. */
export function unseenStates({ userPassword, lastLoginTime }: Sight): StateName[] {
  return [
    ...(userPassword ? [] : (['closed-elsewhere', 'no-password'] as const)),
    ...(lastLoginTime ? [] : (['never-signed-in', 'dormant', 'idle'] as const)),
  ]
}

/** As the Account Policy plugin records it (`alwaysrecordlogin`). */
export function lastSignIn(entry: Entry): Date | undefined {
  return time(entry, 'lastLoginTime')
}

export function signInConditions(entry: Entry, sight: Sight, dormantAfter: number, now: Date): Condition[] {
  const since = lastSignIn(entry)
  if (since !== undefined)
    return later(since, dormantAfter * 86_400) < now ? [{ kind: 'dormant', since }] : []
  if (!sight.lastLoginTime) return []
  const created = time(entry, 'createTimestamp')
  return [{ kind: 'never-signed-in', ...(created && { since: created }) }]
}
