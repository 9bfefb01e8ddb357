import type { SyncConnection } from '../../src/config/sync-connection-schema.ts'
import type { SyncSide } from '../../src/config/sync-side-schema.ts'
import type { Expression } from '../expressions/expressions.ts'

/** A task as the engine runs it, whether it came from our YAML or from an lsc.xml. What refers to expressions is resolved to `Expression`s. */
export type Task = {
  readonly tenant: string
  readonly name: string
  readonly source: SideSpec
  readonly destination: SideSpec
  /** In order of priority. */
  readonly pivots: readonly Pivot[]
  /** Gives the name (DN) in the destination; null: the source's own. */
  readonly entryName: Expression | null
  readonly datasets: readonly Dataset[]
  /**
   * Lower-cased attributes that are read of each side, and that its rules see. Null: those that they mention. LSC's files say it: what they do not fetch of the
   * source has no value, however it is in the source.
   */
  readonly fetched: {
    readonly source: readonly string[] | 'all'
    readonly destination: readonly string[] | 'all'
  } | null
  /** LSC's `*`: what the source has is written, whether or not there is a dataset for it. */
  readonly everyAttribute: boolean
  /** Policy and delimiter of attributes without a dataset of their own. */
  readonly otherwise: Pick<Dataset, 'policy' | 'delimiter' | 'exact'>
  readonly conditions: Readonly<Record<'create' | 'update' | 'rename' | 'delete', Expression | boolean>>
  /** Read besides, for its pivots alone: what is in it is not gone (LSC's clean filter). Null: the source says what is gone. */
  readonly presence: SideSpec | null
  /** What becomes of records of the destination that the source does not have; null: nothing (no clean phase). */
  readonly clean: Clean | null
  readonly guards: Guards
  /** Whether it writes what the service desk owns: the disabling and locking of accounts. */
  readonly ownsAccountState: boolean
  /** Values compared byte by byte, delimiters split source values, renames without the update: as LSC did. */
  readonly compat: 'lsc' | null
  /** Its scripts are written for LSC. Null: they are our own. */
  readonly scripting: LscScripting | null
  readonly hooks: readonly Hook[]
  /** JavaScript that runs once before any expression. */
  readonly includes: readonly { readonly name: string; readonly code: string }[]
  readonly phases: { readonly sync: boolean; readonly clean: boolean }
  readonly when: When
}

/** When a task runs by itself. */
export type When = {
  /** Cron; null: when somebody asks. */
  readonly schedule: string | null
  readonly timeZone: string
  /** Changes of its source are applied as they happen. */
  readonly follows: boolean
  /** The task that its schedule runs after it: those of an lsc.xml run one after the other. */
  readonly next: string | null
}

/** What is opened for a side: a directory of the tenant, by name, or a connection of its own; and what the side says beside it. */
export type SideSpec = {
  readonly to: { readonly directory: string } | { readonly connection: SyncConnection }
  readonly options: Omit<SyncSide, 'directory' | 'connection'>
}

export type LscScripting = {
  /** Of `SecurityUtils.encrypt` and `decrypt`. */
  readonly key: Buffer | null
  /** Of the sides that scripts read (`srcLdap`, `ldap`): the DN in the connection's URL, which names in scripts are relative to. */
  readonly contexts: { readonly source?: string; readonly destination?: string }
}

export type Pivot = {
  readonly source: string
  readonly destination: string
  /** Computes the destination's value from the source's. */
  readonly transform: Expression | null
}

export type Dataset = {
  /** As it is written; compared in any case. */
  readonly attribute: string
  readonly policy: 'force' | 'keep' | 'merge'
  /** Where the source's values come from: an attribute, or an expression. */
  readonly from: { readonly attribute: string } | { readonly expression: Expression }
  readonly force: readonly Expression[] | null
  readonly create: readonly Expression[] | null
  readonly default: readonly Expression[] | null
  /** Values are compared byte by byte, so that a change of letters' case is written; without, as the destination's schema says. */
  readonly exact: boolean
  /** Each of its characters splits values; '' splits nothing. */
  readonly delimiter: string
  /** Values are DNs of the source's entries: rewritten to where the named tasks (or this one) put those. */
  readonly references: readonly string[] | null
}

export type Clean =
  | { readonly action: 'delete'; readonly subtree: boolean }
  | { readonly action: 'disable'; readonly deleteAfterDays: number | null }
  | { readonly action: 'move'; readonly to: string; readonly deleteAfterDays: number | null }

/** Shares are of the records of the destination, 0 to 1. */
export type Guards = {
  /** Deletes, soft ones too: held when more than `max(deletes, deleteShare)`. */
  readonly deletes: number
  readonly deleteShare: number
  /** Share of all records that may change in one run; 1: all. */
  readonly changeShare: number
  /** Share by which the source may have shrunk since the last complete run. */
  readonly shrink: number
  readonly allowEmptySource: boolean
}

export type Hook = {
  readonly after: 'create' | 'update' | 'rename' | 'delete'
  readonly command: string
  readonly format: 'ldif' | 'json'
}
