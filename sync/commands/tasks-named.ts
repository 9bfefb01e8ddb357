import { nearestName } from '../../src/config/nearest-name.ts'
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
  if (names.length === 0) process.stderr.write(`Say which task: ${known.join(', ') || 'there is none'}\n`)
  for (const name of unknown) {
    const near = nearestName(name, known)
    const rather = near === undefined ? `there is ${known.join(', ') || 'none'}` : `did you mean "${near}"?`
    process.stderr.write(`No task is named "${name}": ${rather}\n`)
  }
  if (names.length === 0 || unknown.length > 0) return null
  return names.flatMap((name) => tasks.find((task) => task.name === name) ?? [])
}
