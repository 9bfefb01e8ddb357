import type { UseName } from '../../config/tenant-schema.ts'
import type { Connection } from '../../ldap/connection.ts'
import type { Dn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import type { Filter } from '../../ldap/filter.ts'
import type { Schema } from '../../ldap/schema.ts'
import type { DirectorySettings } from '../settings.ts'
import type { Finding, Report } from './finding.ts'
import type { SlapdConfig } from './slapd-config.ts'

/** A branch that one of the tenant's uses looks at. */
export type UsedBase = { readonly use: UseName; readonly base: Dn; readonly filter: Filter }

export type ProbedServer = { readonly url: string; readonly connection: Connection }

/** A few people with what says how their passwords are kept. */
export type Sample = { readonly base: UsedBase; readonly people: readonly Entry[] }

/** What the checks look at: a directory, seen by its service account. Nothing is ever written through it. */
export type Probe = {
  readonly settings: DirectorySettings
  /** As the configuration says it: undefined when the server was asked. */
  readonly configuredKind: DirectorySettings['kind'] | undefined
  /** Every server that let the service account in. */
  readonly servers: readonly ProbedServer[]
  /** One of them: that which takes changes, when it answers. */
  readonly url: string
  readonly connection: Connection
  /** The service account's DN, as the server knows it. */
  readonly account: string
  readonly bases: readonly UsedBase[]
  readonly samples: readonly Sample[]
  readonly rootDse: Entry
  readonly schema: Schema | undefined
  /** Of a slapd that shows its settings to the service account. */
  readonly config: SlapdConfig | undefined
  readonly clock: () => Date
  readonly report: Report
}

/** One thing to look at. Its name is in the findings `check-failed` and `check-unfinished`. */
export type Check = { readonly name: string; run(probe: Probe): Promise<readonly Finding[]> }
