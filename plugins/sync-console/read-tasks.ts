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
  const names = infos.map(({ name }) => name)
  const [latest, waiting] = await Promise.all([runs.latest(tenant, names), runs.held(tenant, names)])
  return await Promise.all(
    infos.map(async (info) => {
      const [underWay, lease] = await Promise.all([
        runs.underWay(tenant, info.name),
        leases.holder(tenant, info.name),
      ])
      const { name } = info
      return {
        info,
        last: latest.get(name) ?? null,
        held: waiting.get(name) ?? null,
        underWay,
        holder: lease?.holder ?? null,
      }
    }),
  )
}
