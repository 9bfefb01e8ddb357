import { syncConnectionSchema } from '../../src/config/sync-connection-schema.ts'
import type { SideSpec } from '../task/task.ts'
import type { LscPluginService, LscPrograms } from './lsc-file.ts'
import { cannot, holesIn, type SideWork, type SourceSides } from './side-work.ts'
import { slug } from './slug.ts'

/** The programs of LSC's executable plug-in as a source. Null, with a note, for any other plug-in. */
export function programSource(work: SideWork, source: LscPluginService): SourceSides | null {
  const side = programSide(work, source, 'source')
  if (side === null) return null
  return {
    source: side,
    fetched: 'all',
    // They print the pivots that the destination is searched by.
    pivots: holesIn(work.task.destination),
    columns: new Map(),
    contextDn: undefined,
    // Who is not printed is gone.
    presence: () => Promise.resolve({ side: null, pivots: null }),
  }
}

/** The same as a destination. */
export function programSide(
  work: SideWork,
  { line, implementation, programs }: LscPluginService,
  role: 'source' | 'destination',
): SideSpec | null {
  if (programs === null) return cannot(work, line, `the plug-in ${implementation} is not known here`)
  const { pathOf } = work.around
  const named = Object.entries(programsOf(programs)).map(([name, path]) => [name, [pathOf(path)]])
  const connection = syncConnectionSchema.safeParse({
    kind: 'exec',
    name: `${slug(work.task.name)}-${role}`,
    ...Object.fromEntries(named),
    environment: programs.variables,
  })
  if (!connection.success) return cannot(work, line, 'the variables of the programs cannot be used')
  return { to: { connection: connection.data }, options: {} }
}

function programsOf({ list, get, add, update, remove, rename }: LscPrograms): Record<string, string> {
  const all = { list, get, add, update, remove, rename }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, path]) => (path === null ? [] : [[name, path]])),
  )
}
