import { first, text, type Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Closing, Condition } from './account-state.ts'

/** What other tools write to close an account. `userPassword` counts only where the service account may read it. */
export const closingAttributes = ['userPassword', 'supannRessourceEtat', 'shadowExpire']

/** FusionDirectory puts a `!` between scheme and hash, whatever the scheme. */
const CLOSED_HASH = /^\{[^}]+\}!/
/** SupAnn: the account resource is inactive or suspended; a sub-state may follow (`{COMPTE}I:SupannExpire`). `{COMPTE}A` is active. */
const CLOSED_RESOURCE = /^\{COMPTE\}[IS](?::|$)/i
const DAY_MS = 86_400_000

type ClosedElsewhere = Extract<Condition, { kind: 'closed-elsewhere' }>
type PasswordElsewhere = Extract<Condition, { kind: 'password-elsewhere' }>

/** By what other tools the account is closed at `now`; `[]` when by none. */
export function closedElsewhere(entry: Entry, now: Date): ClosedElsewhere[] {
  const closings: [Closing, boolean][] = [
    ['hash-prefix', text(entry, 'userPassword').some((value) => CLOSED_HASH.test(value))],
    ['resource-state', text(entry, 'supannRessourceEtat').some((value) => CLOSED_RESOURCE.test(value))],
    ['shadow-expire', hasShadowExpired(first(entry, 'shadowExpire'), now)],
  ]
  return closings.filter(([, holds]) => holds).map(([how]) => ({ kind: 'closed-elsewhere', how }))
}

/** shadow(5): the first day, counted from 1970, on which the account is closed. Negative: never. */
function hasShadowExpired(value: string | undefined, now: Date): boolean {
  const day = Number(value ?? -1)
  return day >= 0 && now.getTime() >= day * DAY_MS
}

/** `{SASL}name@realm`: the server asks another system for the password. */
export function passwordElsewhere(entry: Entry): PasswordElsewhere | null {
  for (const value of text(entry, 'userPassword')) {
    const identity = /^\{SASL\}(.*)$/i.exec(value)?.[1]
    if (identity !== undefined) return { kind: 'password-elsewhere', identity }
  }
  return null
}

/** Why no password of ours may be written: it would reopen the account, or cut it from the system that has the password. */
export function refusesOurPassword(
  entry: Entry,
  now: Date,
): 'closed-elsewhere' | 'password-elsewhere' | undefined {
  return (closedElsewhere(entry, now)[0] ?? passwordElsewhere(entry))?.kind
}

/**
 * Selects those closed by another tool. userPassword has no substring match, so every hash has to be looked at. The usual schema gives shadowExpire no
 * order: a server that keeps to it orders by the rule that is named.
 */
export function closedElsewhereFilter(now: Date): Filter {
  const today = Math.floor(now.getTime() / DAY_MS)
  const expired = filter`(|(shadowExpire<=${String(today)})(shadowExpire:integerOrderingMatch:=${String(today + 1)}))`
  // What nearly everybody has comes first: the server stops at the first that holds.
  return filter`(|(userPassword=*)(supannRessourceEtat={COMPTE}I*)(supannRessourceEtat={COMPTE}S*)${expired})`
}
