import type { Pivot, SideSpec } from '../task/task.ts'
import type { LscDestination, LscTask } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import type { LscSurroundings } from './lsc-surroundings.ts'

/** The conversion of one task. */
export type SideWork = {
  readonly task: LscTask
  readonly around: LscSurroundings
  /** Also the clean phase. */
  readonly clean: boolean
  readonly notes: LscNote[]
}

/** A source as both phases need it. */
export type SourceSides = {
  readonly source: SideSpec
  readonly fetched: readonly string[] | 'all'
  /** What LSC knows as pivots, by which the destination is searched. */
  readonly pivots: readonly string[]
  /** Attributes of the source by pivot, in lower case, where they are called otherwise. */
  readonly columns: ReadonlyMap<string, string>
  /** Of a directory: what scripts leave out of names. */
  readonly contextDn: string | undefined
  /** Of the clean phase. `sync`: who is who in the other. Null, with a note: the phase cannot be done. */
  presence(sync: readonly Pivot[]): Promise<Presence | null>
}
/** What is not gone: null where that is what the sync phase reads, with its pivots. */
export type Presence = { readonly side: SideSpec | null; readonly pivots: readonly Pivot[] | null }

export type NamedConnection = {
  readonly to: Extract<SideSpec['to'], { connection: unknown }>
  readonly contextDn: string
  readonly recursiveDelete: boolean
}

/** The connection that a service names. */
export function connectionOf(work: SideWork, name: string, line: number): NamedConnection | null {
  const found = work.around.connections.get(name)
  if (found === undefined) return cannot(work, line, `there is no connection ${name}`)
  if (found.connection === null) return cannot(work, line, `the connection ${name} cannot be used, see there`)
  return { ...found, to: { connection: found.connection } }
}

/** The entries below a base that a filter selects. */
export function ldapSide(work: SideWork, { to }: NamedConnection, base: string, filter: string): SideSpec {
  const { binary, sideOptions } = work.around
  return {
    to,
    options: {
      base,
      scope: 'sub',
      filter,
      ...(binary.length > 0 && { binary: [...binary] }),
      ...sideOptions.get(to.connection.name),
    },
  }
}

/** `*` alone is every user attribute; with others besides, those of the server are among them. */
export function fetchedOf(names: readonly string[], pivots: readonly string[]): readonly string[] | 'all' {
  if (names.length === 1 && names[0] === '*') return 'all'
  return [...new Set([...names, ...pivots].map((name) => name.toLowerCase()))]
}

/** Pivots that the destination is searched by: they come from the list. */
export function holesIn(destination: LscDestination): string[] {
  if (destination.kind !== 'ldap') return []
  const { text, script } = destination.one
  const named = script ? /pivotAttributes(?:\.get\()?\W{1,2}(\w+)/g : /\{(\w+)\}/g
  return [...text.matchAll(named)].map(([, name = '']) => name)
}

/** What LSC knows as pivots of the destination. */
export function pivotsOf(work: SideWork): readonly string[] {
  const { destination } = work.task
  if (destination.kind === 'ldap') return destination.pivots
  if (destination.kind !== 'database') return []
  const select = work.around.sqlMaps.get(destination.object)
  const parameters = select !== undefined && 'sql' in select ? select.sql.matchAll(/#(\w+)/g) : []
  return Array.from(parameters, ([, name = '']) => name)
}

/** A statement of the SQL maps. */
export function selectOf(work: SideWork, id: string, line: number): string | null {
  const select = work.around.sqlMaps.get(id)
  if (select === undefined) return cannot(work, line, `no statement ${id} is in sql-map-config.d`)
  return 'sql' in select ? select.sql : cannot(work, line, `the query ${id}: ${select.fault}`)
}

/** Notes it, and answers that there is nothing. */
export function cannot({ notes }: Pick<SideWork, 'notes'>, line: number, text: string): null {
  notes.push({ weight: 'cannot', line, text })
  return null
}
