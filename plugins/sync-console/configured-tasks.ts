import { CronExpressionParser } from 'cron-parser'
import type { SyncSide } from '../../src/config/sync-side-schema.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** What people see of a task before it has run. */
export type TaskInfo = {
  readonly name: string
  readonly description: string | null
  /** What it connects: a directory or connection, and what of it. */
  readonly source: string
  readonly destination: string
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null
  /** Changes of the source are applied as they happen. */
  readonly follows: boolean
  /** Attributes of the source by which entries are matched, in order of priority. */
  readonly pivots: readonly string[]
}

/** The tasks of a tenant's configuration. */
export function configuredTasks({ config }: Pick<Tenant, 'config'>): TaskInfo[] {
  return config.sync.tasks.map(
    ({ name, description = null, source, destination, schedule, timezone, follow, pivots }) => ({
      name,
      description,
      source: placeOf(source),
      destination: placeOf(destination),
      schedule: schedule === undefined ? null : { cron: schedule, timeZone: timezone },
      follows: follow,
      pivots: pivots.map((pivot) => (typeof pivot === 'string' ? pivot : pivot.source)),
    }),
  )
}

/** Which place a side is, without what may be secret of how it is reached. */
function placeOf({ directory, connection, base, table, path }: SyncSide): string {
  return [directory ?? connection, base ?? table ?? path].filter((part) => part !== undefined).join(' · ')
}

/** When a task runs next by itself; null when it does not. */
export function nextRun({ schedule }: Pick<TaskInfo, 'schedule'>, now: Date): Date | null {
  if (schedule === null) return null
  const { cron, timeZone } = schedule
  return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: now }).next().toDate()
}
