import type { SyncConnection } from '../../src/config/sync-connection-schema.ts'
import type { SideSpec } from '../task/task.ts'
import type { LscTask } from './lsc-file.ts'
import type { SqlMaps } from './sql-maps.ts'

export type Include = { readonly name: string; readonly code: string }

/** What a task of an lsc.xml refers to, in the file and beside it. */
export type LscSurroundings = {
  readonly connections: ReadonlyMap<
    string,
    {
      /** Null: notes say why there is none. */
      readonly connection: SyncConnection | null
      /** Of an LDAP URL: the DN that scripts leave out of names. */
      readonly contextDn: string
      readonly recursiveDelete: boolean
    }
  >
  /** Of all connections: LSC does not tell them apart. */
  readonly binary: readonly string[]
  /** What an LDAP connection says of its sides, by the name of ours. */
  readonly sideOptions: ReadonlyMap<string, SideSpec['options']>
  readonly includesOf: (task: LscTask) => readonly Include[]
  readonly sqlMaps: SqlMaps
  readonly key: Buffer | null
  /** A path of the file as one from anywhere. */
  readonly pathOf: (path: string) => string
}
