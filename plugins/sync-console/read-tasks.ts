import type { Tenant } from '../../src/tenants/tenant.ts'
import type { TaskInfo } from './configured-tasks.ts'
import type { SyncConsole } from './console.ts'
import type { TaskState } from './documents.ts'

/** The tasks with what they are doing and have done last. */
export async function readTasks(
  { runs, leases }: SyncConsole,
  { name: tenant }: Tenant,
  infos: readonly TaskInfo[],
): Promise<TaskState[]> {
  const latest = await runs.latest(
    tenant,
    infos.map(({ name }) => name),
  )
  return await Promise.all(
    infos.map(async (info) => {
      const [underWay, lease] = await Promise.all([
        runs.underWay(tenant, info.name),
        leases.holder(tenant, info.name),
      ])
      return { info, last: latest.get(info.name) ?? null, underWay, holder: lease?.holder ?? null }
    }),
  )
}
