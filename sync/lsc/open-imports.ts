import { commandText } from '../../src/messages/command-text.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { CannotStart } from '../../src/problems/cannot-start.ts'
import type { Task } from '../task/task.ts'
import { LscFault, type LscNote } from './lsc-note.ts'
import { openLsc, type OpenLscOptions } from './open-lsc.ts'

/** The tasks of the lsc.xml that the configuration names. */
export type Imports = {
  /** By tenant, in the order in which they are to run. */
  readonly tasks: ReadonlyMap<string, readonly Task[]>
  readonly notes: readonly { readonly tenant: string; readonly file: string; readonly note: LscNote }[]
}

/** Opens every lsc.xml of the tenants. Throws `CannotStart` for one that cannot be read, and for two tasks of one name. */
export async function openImports(
  tenants: readonly Pick<Tenant, 'name' | 'config'>[],
  environment: OpenLscOptions['environment'],
): Promise<Imports> {
  const tasks = new Map<string, Task[]>()
  const notes = []
  for (const { name: tenant, config } of tenants) {
    const names = new Set(config.sync.tasks.map(({ name }) => name))
    const all: Task[] = []
    for (const { file, clean, schedule, compat = null, ca } of config.sync.lsc) {
      const opened = await open(file, { tenant, environment, clean, schedule, compat, ca })
      for (const { name } of opened.tasks) {
        if (names.has(name))
          throw new CannotStart(commandText('sync.command.import-lsc.twice', { file, name }))
        names.add(name)
      }
      all.push(...opened.tasks)
      notes.push(...opened.notes.map((note) => ({ tenant, file, note })))
    }
    tasks.set(tenant, all)
  }
  return { tasks, notes }
}

async function open(file: string, options: OpenLscOptions): ReturnType<typeof openLsc> {
  try {
    return await openLsc(file, options)
  } catch (error) {
    if (error instanceof LscFault) throw new CannotStart(`${file}:${error.line}: ${error.message}`)
    if (error instanceof Error && 'code' in error) throw new CannotStart(`${file}: ${error.message}`)
    throw error
  }
}
