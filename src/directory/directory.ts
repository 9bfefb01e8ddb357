import type { AttributeMap } from '../config/directory-schema.ts'
import type { Dn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Filter } from '../ldap/filter.ts'
import type { AcceptedPassword } from './accepted-password.ts'
import type { AccountState, StateName } from './account-state.ts'

/**
 * One customer directory, as the rest of the product sees it: entries, accounts and passwords, whatever the server. Every method throws
 * Problem `directory-unavailable` when no server answers, never an empty result.
 */
export interface Directory {
  readonly name: string
  readonly attributes: AttributeMap
  /** The attribute that identifies an entry for ever (entryUUID): ask for it wherever `idOf` is used. */
  readonly idAttribute: string
  idOf(entry: Entry): string
  idFilter(id: string): Filter

  /** At most `limit` entries, in the server's order. `complete` is false when there were more. */
  find(query: Query & { limit: number }): Promise<{ entries: Entry[]; complete: boolean }>
  /** Every entry, beyond any size limit of the server, as a stream; throws rather than end early. */
  list(query: Query): AsyncIterable<Entry>
  /** The entry, or null when there is none at that DN. */
  read(dn: Dn, attributes: readonly string[]): Promise<Entry | null>

  /** Proves a password by a bind on a connection of its own. It counts as a real try for the directory's own lockout. */
  verifyPassword(dn: Dn, password: string): Promise<PasswordCheck>
  /**
   * *Reset* by the service account. `mustChange`: the person has to choose another one at the next sign-in. `entry`: read a moment ago, with
   * `stateAttributes`; read here when absent.
   */
  setPassword(
    dn: Dn,
    password: AcceptedPassword,
    options: { mustChange: boolean; entry?: Entry },
  ): Promise<PasswordWrite>
  /** *Change* by its owner, who proves the old password in the same step. */
  changePassword(dn: Dn, old: string, password: AcceptedPassword): Promise<PasswordWrite>

  /** Attributes that `accountState` reads. */
  readonly stateAttributes: readonly string[]
  /** The account's state at `now`, under the policy that is effective for the entry. */
  accountState(entry: Entry, now: Date): Promise<AccountState>
  /** A filter that selects at least the entries in that state; confirm each with `accountState`. */
  stateFilter(state: StateName, now: Date): Promise<Filter>
  /** The four acts. Each is idempotent and tells whether it changed anything. */
  unlock(dn: Dn): Promise<ActOutcome>
  lock(dn: Dn, now: Date): Promise<ActOutcome>
  disable(dn: Dn, now: Date): Promise<ActOutcome>
  enable(dn: Dn): Promise<ActOutcome>

  /** Entries added or changed since `since` (server's clock, inclusive), for the search index. */
  changedSince(query: Query, since: Date): AsyncIterable<Entry>
  /** Throws Problem `directory-unavailable` when no server answers in time. */
  ping(): Promise<void>
  stats(): DirectoryStats
  close(): Promise<void>
}

export type Query = {
  base: Dn
  scope?: 'base' | 'one' | 'sub'
  filter: Filter
  attributes: readonly string[]
  signal?: AbortSignal
}

export type PasswordCheck =
  | { outcome: 'accepted'; mustChange: boolean; expiresInSeconds?: number; graceLeft?: number }
  /** The password is right but expired: only a change of it may follow. */
  | { outcome: 'expired' }
  /** `locked` is only said by servers configured to say it, for right and wrong passwords alike. */
  | { outcome: 'refused'; reason: 'wrong' | 'locked' }

export type PasswordRefusal =
  | 'locked'
  | 'too-short'
  | 'too-long'
  | 'too-young'
  | 'in-history'
  | 'insufficient-quality'
  | 'change-not-allowed'
  | 'old-password-wrong'
  | 'closed-elsewhere'

export type PasswordWrite = { outcome: 'written' } | { outcome: 'refused'; reason: PasswordRefusal }

export type ActOutcome = 'done' | 'already-so' | 'not-enforced'

/** Figures for /metrics. */
export type DirectoryStats = {
  open: number
  busy: number
  waiting: number
  errorsByCode: ReadonlyMap<string, number>
}
