import type { Tenant } from '../../src/tenants/tenant.ts'
import type { SyncEngine } from './create-engine.ts'

/** Follows the sources of all tasks that say so, each in one process of all that run. Gives what ends it. */
export function followTasks(
  _engine: SyncEngine,
  _tenants: readonly Tenant[],
  _log: { warn(details: object, text: string): void },
): () => Promise<void> {
  return async () => {}
}
