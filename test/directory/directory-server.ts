import type { DirectoryConfig, DirectoryKind } from '../../src/config/directory-schema.ts'
import type { Closing } from '../../src/directory/account-state.ts'
import type { PasswordRefusal } from '../../src/directory/directory.ts'
import type { Dn } from '../../src/ldap/dn.ts'

export type TestPerson = { dn: Dn; login: string; password: string }

/** A real server for the suite: what it can, and how things come about on it by its own means, never by our code. */
export type DirectoryServer = {
  readonly kind: DirectoryKind
  /** By which the product reaches it, as its service account. Its `kind` is absent: it is detected. */
  readonly config: DirectoryConfig
  /** The branch of the suite's people. */
  readonly people: Dn
  /** Person `n`, from 1 on (the suite takes less than 100): has a password and nothing that would keep them out. */
  person(n: number): TestPerson
  readonly can: Abilities
  readonly cause: Causes
  /** What a refused change is known by: some servers say only that they do not want the password. */
  readonly says: Readonly<Record<'too-short' | 'in-history' | 'too-young', PasswordRefusal>>
  /** Fewest characters that the policy for everyone wants. It also keeps a history, and locks at ten wrong passwords or before. */
  readonly minLength: number
  stop(): Promise<void>
}

/** What the product knows at all. Where it does not, the suite wants to be told so. */
export type Abilities = {
  /** A lock that an agent sets. */
  readonly lock: boolean
  /** A date before which nobody gets in. */
  readonly validFrom: boolean
  /** A date from which on nobody gets in. */
  readonly validUntil: boolean
  /** Sign-ins with an expired password. */
  readonly grace: boolean
  /** Shutting out whoever was not there for long. */
  readonly idle: boolean
  /** A reset lifts the lock that wrong passwords led to. */
  readonly resetUnlocks: boolean
  /** The time of the last sign-in, that the service account may read. */
  readonly lastSignIn: boolean
  /** The service account sees who has no password. */
  readonly noPassword: boolean
  readonly passwordElsewhere: boolean
  readonly closings: readonly Closing[]
}

/** Each resolves when the server holds to it. Those of what the product cannot are never called. */
export type Causes = {
  /** Puts one person under a policy of their own; another call replaces it. */
  policy(person: TestPerson, rules: OwnPolicy): Promise<void>
  disabled(person: TestPerson): Promise<void>
  /** Locked by an agent's hand. */
  locked(person: TestPerson): Promise<void>
  /** Not valid before `from`, or from `until` on. */
  dates(person: TestPerson, dates: { from?: Date; until?: Date }): Promise<void>
  mustChange(person: TestPerson): Promise<void>
  closed(person: TestPerson, how: Closing): Promise<void>
  noPassword(person: TestPerson): Promise<void>
  /** `{SASL}` with this identity. */
  passwordElsewhere(person: TestPerson, identity: string): Promise<void>
}

/** Seconds and counts; what is absent is not limited. Locks and the demand to change work as under the policy for everyone. */
export type OwnPolicy = {
  maxAge?: number
  minAge?: number
  grace?: number
  maxIdle?: number
}
