import type { SideSpec, Task } from './task.ts'

/** What people see of a task before it has run, without what may be secret of how its sides are reached. */
export function describeTask({ name, source, destination, when, pivots }: Task) {
  return {
    name,
    description: null,
    source: placeOf(source),
    destination: placeOf(destination),
    schedule: when.schedule === null ? null : { cron: when.schedule, timeZone: when.timeZone },
    follows: when.follows,
    pivots: pivots.map((pivot) => pivot.source),
  }
}

function placeOf({ to, options: { base, table, path } }: SideSpec): string {
  const system = 'directory' in to ? to.directory : to.connection.name
  return [system, base ?? table ?? path].filter((part) => part !== undefined).join(' · ')
}
