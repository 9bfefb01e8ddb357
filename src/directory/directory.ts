import type { DirectoryKind } from '../config/directory-schema.ts'
import type { Dn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Filter } from '../ldap/filter.ts'
import type { AcceptedPassword } from './accepted-password.ts'
import type { AccountState, StateName } from './account-state.ts'
import type { AttributeMap, DirectorySettings } from './settings.ts'

/**
 * One customer directory, as the rest of the product sees it: entries, accounts and passwords, whatever the server. Every method throws
 * Problem `directory-unavailable` when no server answers, never an empty result.
 */
export interface Directory {
  readonly name: string
  readonly kind: DirectoryKind
  readonly settings: DirectorySettings
  readonly attributes: AttributeMap
  /** What people are, and groups, on this server: every use's branch has one of them in its filter. */
  readonly people: Filter
  readonly groups: Filter
  /** The attribute that identifies an entry for ever (entryUUID, objectGUID, nsUniqueId): ask for it wherever `idOf` is used. */
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

  /** Writes the new password's NT hash and its time, of an entry of class sambaSamAccount: an operation of its own, after the password's. */
  writeNtHash(dn: Dn, password: AcceptedPassword, now: Date): Promise<void>

  /** Attributes that `accountState` reads. */
  readonly stateAttributes: readonly string[]
  /** The account's state at `now`, under the policy that is effective for the entry. */
  accountState(entry: Entry, now: Date): Promise<AccountState>
  /** A filter that selects at least the entries in that state; confirm each with `accountState`. */
  stateFilter(state: StateName, now: Date): Promise<Filter>
  /**
   * States of which the service account sees nothing on this server (sign-ins that are not recorded, hashes that it may not read): that nobody is listed in
   * one of them says nothing.
   */
  unseenStates(): Promise<readonly StateName[]>
  /** Of locks and the age of passwords: which of these states the service account could not see of that entry, whether it is in one or not. */
  hiddenStates(dn: Dn): Promise<readonly StateName[]>
  /** The acts. Each is idempotent, tells whether it changed anything, and writes nothing when the server would not hold to it. */
  unlock(dn: Dn): Promise<ActOutcome>
  lock(dn: Dn, now: Date): Promise<ActOutcome>
  disable(dn: Dn, now: Date): Promise<ActOutcome>
  enable(dn: Dn): Promise<ActOutcome>
  /** *Force change*: whether the person has to choose another password at the next sign-in. */
  requireChange(dn: Dn, required: boolean): Promise<ActOutcome>
  /** What is absent stays, null removes. `until` is the first instant that is not valid any more. */
  setValidity(dn: Dn, validity: Validity): Promise<ActOutcome>
  /** What the server will ask of a new password for this entry, as far as it can be known. */
  passwordRules(entry: Entry): Promise<PasswordRules>
  /**
   * Gives the entry another RDN (and parent), and repairs every attribute of the directory that holds its DN, and `memberUid` where the RDN is `uid`.
   * Throws Problem `conflict` when the name is taken, or a group names it already. What could not be found or repaired is in the answer; doing the
   * same again goes on where it stopped.
   */
  rename(dn: Dn, to: NewName): Promise<Renamed>
  /** The same for the login of an entry whose RDN is another attribute. */
  changeLogin(dn: Dn, login: { from: string; to: string }): Promise<Repaired>

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
  /** `shut`: the server said that the account is closed (AD 530, 531, 533, 701), which it may say only of right passwords. */
  | { outcome: 'refused'; reason: 'wrong' | 'locked' | 'shut' }

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
  | 'password-elsewhere'

/** `putBack`: what the server lifted with the new password and we set again. `lost`: what it should have beside the new password and has not. */
export type PasswordWrite =
  | { outcome: 'written'; putBack: readonly 'lock'[]; lost: readonly Lost[] }
  | { outcome: 'refused'; reason: PasswordRefusal }

/** A lock that an agent had set is open now; the person need not choose another password. */
export type Lost = 'lock' | 'must-change'

/** `not-enforced`: the account has no effective policy that would make it bite. `not-supported`: this product knows no such thing. */
export type ActOutcome = 'done' | 'already-so' | 'not-enforced' | 'not-supported'

export type Validity = { from?: Date | null; until?: Date | null }

/** Fewest characters, in all and of each kind; 0 for no such rule. */
export type PasswordRules = { length: number; capitals: number; small: number; digits: number; signs: number }

export type NewName = { rdn: { attribute: string; value: string }; parent?: Dn }
/** `failed`: entries that could not be written; `unsearched`: naming contexts that could not be looked through to the end. */
export type Repaired = { repaired: readonly Dn[]; failed: readonly Dn[]; unsearched: readonly string[] }
export type Renamed = Repaired & { dn: Dn }

/** Figures for /metrics. */
export type DirectoryStats = {
  open: number
  busy: number
  waiting: number
  errorsByCode: ReadonlyMap<string, number>
}
