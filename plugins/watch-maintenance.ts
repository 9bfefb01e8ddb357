import { setTimeout as pause } from 'node:timers/promises'
import type { Maintenance, MaintenanceStore } from '../src/store/maintenance.ts'

/** Milliseconds that an answer is good for, and that a page waits for a new one. */
const freshFor = 1_000
const patience = 200

export type MaintenanceWatch = {
  /** For what only shows it: a second old at most. While PostgreSQL does not answer, what was known last. */
  known(tenant: string): Promise<Maintenance | null>
  /** For what would write: of this moment, so that nothing begins once the operator was told that it is read-only. */
  now(tenant: string): Promise<Maintenance | null>
}

type Known = { found: Maintenance | null; at: number; asking: Promise<void> | null }

/** Keeps what this replica knows of each tenant's maintenance. */
export function watchMaintenance(store: Pick<MaintenanceStore, 'read'>, clock: () => Date): MaintenanceWatch {
  const tenants = new Map<string, Known>()

  async function ask(tenant: string, known: Known): Promise<void> {
    try {
      known.found = await store.read(tenant, clock())
    } catch {
      // Pages do without PostgreSQL. What would write does not: its audit is there too.
    } finally {
      known.at = clock().getTime()
      known.asking = null
    }
  }

  function knownOf(tenant: string): Known {
    const known = tenants.get(tenant) ?? { found: null, at: 0, asking: null }
    tenants.set(tenant, known)
    return known
  }

  return {
    async known(tenant) {
      const known = knownOf(tenant)
      if (clock().getTime() - known.at < freshFor) return known.found
      known.asking ??= ask(tenant, known)
      await Promise.race([known.asking, pause(patience, undefined, { ref: false })])
      return known.found
    },
    async now(tenant) {
      const known = knownOf(tenant)
      await ask(tenant, known)
      return known.found
    },
  }
}
