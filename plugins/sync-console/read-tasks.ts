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
  const [latest, waiting, underWay, holders] = await Promise.all([
    runs.latest(tenant, names),
    runs.held(tenant, names),
    runs.allUnderWay(tenant, names),
    leases.holders(tenant, names),
  ])
  return infos.map((info) => ({
    info,
    last: latest.get(info.name) ?? null,
    held: waiting.get(info.name) ?? null,
    underWay: underWay.get(info.name) ?? null,
    holder: holders.get(info.name)?.holder ?? null,
  }))
}
