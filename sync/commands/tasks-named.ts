import { nearestName } from '../../src/config/nearest-name.ts'
import { commandText as t } from '../../src/messages/command-text.ts'
import type { Task } from '../task/task.ts'
import type { Work } from './command-host.ts'

/** The tasks with these names, or all; null, with a word on stderr, when one is none. */
export function tasksNamed(
  { engine, tenant }: Pick<Work, 'engine' | 'tenant'>,
  names: readonly string[],
  all: boolean,
): readonly Task[] | null {
  const tasks = engine.tasks(tenant.name)
  if (all) return tasks
  const known = tasks.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (tasks.length === 0) {
    process.stderr.write(`${t('sync.command.noTask')}\n`)
    return null
  }
  if (names.length === 0)
    process.stderr.write(`${t('sync.command.whichTask', { known: known.join(', ') })}\n`)
  for (const name of unknown) {
    const near = nearestName(name, known)
    const told =
      near === undefined
        ? t('sync.command.unknownTask.known', { name, known: known.join(', ') })
        : t('sync.command.unknownTask.near', { name, near })
    process.stderr.write(`${told}\n`)
  }
  if (names.length === 0 || unknown.length > 0) return null
  return names.flatMap((name) => tasks.find((task) => task.name === name) ?? [])
}
