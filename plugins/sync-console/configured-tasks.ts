import { CronExpressionParser } from 'cron-parser'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** What people see of a task before it has run. */
export type TaskInfo = {
  readonly name: string
  readonly description: string | null
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null
  /** Changes of the source are applied as they happen. */
  readonly follows: boolean
  /** Attribute of the source by which one entry is looked for. */
  readonly pivot: string
}

/** The tasks of a tenant's configuration. */
export function configuredTasks({ config }: Pick<Tenant, 'config'>): TaskInfo[] {
  return config.sync.tasks.map(
    ({ name, description = null, schedule, timezone, follow, pivots: [pivot] }) => ({
      name,
      description,
      schedule: schedule === undefined ? null : { cron: schedule, timeZone: timezone },
      follows: follow,
      pivot: typeof pivot === 'string' ? pivot : (pivot?.source ?? ''),
    }),
  )
}

/** When a task runs next by itself; null when it does not. */
export function nextRun({ schedule }: Pick<TaskInfo, 'schedule'>, now: Date): Date | null {
  if (schedule === null) return null
  const { cron, timeZone } = schedule
  return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: now }).next().toDate()
}
