import type { Connection } from '../../../../src/ldap/connection.ts'

/** How a server that has to be asked tells what has changed since a place that it has named. */
export type ChangeLog = {
  /** Names the kind of its places: those of another one mean nothing here. */
  readonly way: string
  /** Whether it knows what was deleted, and not only what was added or changed. */
  readonly tellsDeletes: boolean
  /** Where it is now. */
  now(): Promise<string>
  /** Undefined when it does not know the place (any more). */
  since(place: string): Promise<Changes | undefined>
}

/** By immutable id, of the whole naming context: what of it belongs to the side is seen when it is read. */
export type Changes = {
  readonly changed: readonly string[]
  readonly deleted: readonly string[]
  /** Everything of the side, where what was deleted is known by that alone. */
  readonly present?: readonly string[]
  readonly place: string
}

export type OpenLog = (connection: Connection) => Promise<ChangeLog>
