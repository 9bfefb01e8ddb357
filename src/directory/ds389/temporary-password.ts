import { first, type Entry } from '../../ldap/entry.ts'
import type { Change } from '../../ldap/update-message.ts'
import type { Condition } from '../account-state.ts'
import { time } from '../entry-time.ts'
import type { PolicyEntry } from './policy.ts'

export const temporaryAttributes = ['pwdTPRReset', 'pwdTPRUseCount', 'pwdTPRValidFrom', 'pwdTPRExpireAt']

/**
 * What keeps out who has a password that somebody else set, under a policy that limits such (passwordTPR…): tries, right or wrong ones, a time
 * from which on and one until which it opens. The server then refuses every password: only another reset helps.
 */
export function temporaryConditions(entry: Entry, { temporary }: PolicyEntry, now: Date): Condition[] {
  if (first(entry, 'pwdTPRReset') !== 'TRUE') return []
  const from = temporary.waits ? time(entry, 'pwdTPRValidFrom') : undefined
  const end = temporary.ends ? time(entry, 'pwdTPRExpireAt') : undefined
  const uses = Number(first(entry, 'pwdTPRUseCount') ?? -1)
  const conditions: Condition[] = []
  if (from !== undefined && now <= from) conditions.push({ kind: 'not-started', from })
  if (end !== undefined && now >= end) conditions.push(expired(end))
  // When the last of the tries was, nobody notes: it is over by now.
  else if (uses >= temporary.uses) conditions.push(expired(now))
  return conditions
}

function expired(since: Date): Condition {
  return { kind: 'password-expired', since, graceLeft: 0 }
}

export function isLimited({ temporary: { uses, waits, ends } }: PolicyEntry): boolean {
  return uses !== Infinity || waits || ends
}

/** Takes the limits from a password that its owner may keep. That it was set by somebody else stays in the entry, and does nothing then. */
export function withoutLimits(policy: PolicyEntry): Change[] {
  if (!isLimited(policy)) return []
  const [, ...limits] = temporaryAttributes
  return limits.map((attribute) => ({ operation: 'replace', attribute, values: [] }))
}
