import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { SyncConnection } from '../../src/config/sync-connection-schema.ts'
import type { Task } from '../task/task.ts'
import type { LscFile, LscLdapConnection, LscTask } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import type { Include, LscSurroundings } from './lsc-surroundings.ts'
import { readLsc } from './read-lsc.ts'
import { readSqlMaps, type SqlMaps } from './sql-maps.ts'
import { slug } from './slug.ts'
import { toConnection } from './to-connection.ts'
import { type ConvertedTask, type ConvertOptions, toTasks } from './to-tasks.ts'

export type OpenLscOptions = ConvertOptions & {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** PEM file of the authorities to trust, where LSC had the trust store of Java. The system's when absent. */
  readonly ca?: string | undefined
  /** When its tasks run, one after the other; absent: when somebody asks. */
  readonly schedule?: string | undefined
}

export type OpenedLsc = {
  /** In the order in which they are to run: all that bring over, then what only cleans. */
  readonly tasks: readonly Task[]
  readonly connections: readonly SyncConnection[]
  /** The same by the tasks of the file, also those that cannot be run. */
  readonly converted: readonly ConvertedTask[]
  /** Everything that is not as in LSC, by line. */
  readonly notes: readonly LscNote[]
}

/**
 * Opens an lsc.xml, or the folder that it is in, with what it refers to: scripts, SQL maps, the key. Tasks that cannot be run are left out, with a note of weight
 * `cannot`. Throws `LscFault` when it is no lsc.xml, an error of the file system when it cannot be read.
 */
export async function openLsc(path: string, options: OpenLscOptions): Promise<OpenedLsc> {
  const file = lscPath(path)
  const read = readLsc(readFileSync(file, 'utf8'), options.environment)
  const notes: LscNote[] = [...read.notes]
  const around = surroundingsOf(read, resolve(dirname(file)), notes, options.ca)
  const converted = []
  for (const task of read.tasks) converted.push(await toTasks(task, around, options))
  const tasks = converted.flatMap((each) => each.tasks)
  const all = [...notes, ...converted.flatMap((each) => each.notes)]
  return {
    tasks: chained(
      [...tasks.filter(({ phases }) => phases.sync), ...tasks.filter(({ phases }) => !phases.sync)],
      options,
    ),
    connections: [...around.connections.values()].flatMap(({ connection }) => connection ?? []),
    converted,
    notes: distinct(all).toSorted((one, other) => one.line - other.line),
  }
}

/** The schedule runs the first one, and each of the others after the one before it. */
function chained(tasks: readonly Task[], { schedule }: OpenLscOptions): Task[] {
  if (schedule === undefined) return [...tasks]
  return tasks.map((task, index) => ({
    ...task,
    when: {
      ...task.when,
      schedule: index === 0 ? schedule : null,
      next: tasks[index + 1]?.name ?? null,
    },
  }))
}

/** The file, when the folder that it is in was named. */
export function lscPath(path: string): string {
  return statSync(path).isDirectory() ? join(path, 'lsc.xml') : path
}

function surroundingsOf(file: LscFile, folder: string, notes: LscNote[], ca?: string): LscSurroundings {
  const pathOf = (path: string): string => resolve(folder, path)
  const converted = file.connections.map((given) => ({ given, ...toConnection(given, ca) }))
  notes.push(...converted.flatMap((each) => each.notes))
  const ldap = file.connections.filter((given) => given.kind === 'ldap')
  return {
    connections: new Map(
      converted.map(({ given, ...made }) => [
        given.name,
        { ...made, recursiveDelete: given.kind === 'ldap' && given.recursiveDelete },
      ]),
    ),
    binary: [...new Set(ldap.flatMap(({ binaryAttributes }) => binaryAttributes))],
    sideOptions: new Map(ldap.map((given) => [slug(given.name), sideOptionsOf(given)])),
    includesOf: includeReader(pathOf, notes),
    sqlMaps: sqlMapsIn(folder, notes),
    key: keyOf(file, pathOf, notes),
    pathOf,
  }
}

const derefAliases = { NEVER: undefined, SEARCH: 'searching', FIND: 'finding', ALWAYS: 'always' } as const

function sideOptionsOf({ pageSize, referral, derefAliases: deref, relaxRules }: LscLdapConnection) {
  const follows = derefAliases[deref]
  return {
    ...(pageSize > 0 && { pageSize }),
    ...(referral === 'IGNORE' && { referrals: 'ignore' as const }),
    ...(follows !== undefined && { derefAliases: follows }),
    ...(relaxRules && { relax: true }),
  }
}

function includeReader(
  pathOf: (path: string) => string,
  notes: LscNote[],
): (task: LscTask) => readonly Include[] {
  return ({ includes, line }) =>
    includes.flatMap((path) => {
      const found = pathOf(path)
      if (!path.endsWith('.js')) {
        notes.push({ weight: 'ignored', line, text: `scriptInclude ${path}: only JavaScript (.js) is run` })
        return []
      }
      if (existsSync(found)) return [{ name: path, code: readFileSync(found, 'utf8') }]
      notes.push({ weight: 'ignored', line, text: `scriptInclude ${path}: there is no such file` })
      return []
    })
}

/** Where LSC keeps them: beside the file, in a folder of that name. */
function sqlMapsIn(folder: string, notes: LscNote[]): SqlMaps {
  const maps = join(folder, 'sql-map-config.d')
  const names = existsSync(maps) ? readdirSync(maps).filter((name) => name.endsWith('.xml')) : []
  return readSqlMaps(
    names.toSorted().map((name) => readFileSync(join(maps, name), 'utf8')),
    notes,
  )
}

function keyOf({ encryption }: LscFile, pathOf: (path: string) => string, notes: LscNote[]): Buffer | null {
  if (encryption === null) return null
  const path = pathOf(encryption.keyfile)
  if (existsSync(path)) return readFileSync(path)
  notes.push({
    weight: 'ignored',
    line: encryption.line,
    text: `there is no key ${encryption.keyfile}: encrypt and decrypt fail`,
  })
  return null
}

function distinct(notes: readonly LscNote[]): LscNote[] {
  return [...new Map(notes.map((note) => [`${note.line} ${note.text}`, note])).values()]
}
