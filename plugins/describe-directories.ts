import { Counter, Gauge, type Registry } from 'prom-client'
import type { DirectoryStats } from '../src/directory/directory.ts'
import type { Tenant } from '../src/tenants/tenant.ts'

export type DirectoryFigures = { tenant: string; directory: string; stats: DirectoryStats }

/** Connections to every directory, and what they refused or did not answer. */
export function describeDirectories(registry: Registry, read: () => readonly DirectoryFigures[]): void {
  const connections = new Gauge({
    name: 'ldap_connections',
    help: 'Connections to the directory: open, busy; and operations that wait for one.',
    labelNames: ['tenant', 'directory', 'state'],
    registers: [registry],
    collect() {
      for (const { tenant, directory, stats } of read()) {
        for (const state of ['open', 'busy', 'waiting'] as const)
          this.set({ tenant, directory, state }, stats[state])
      }
    },
  })
  const failures = new Counter({
    name: 'ldap_errors_total',
    help: 'Operations that ended with a result code other than success, by code.',
    labelNames: ['tenant', 'directory', 'code'],
    registers: [registry],
    collect() {
      // The directories count: what was read the last time is in what they say now.
      this.reset()
      for (const { tenant, directory, stats } of read()) {
        for (const [code, count] of stats.errorsByCode) this.inc({ tenant, directory, code }, count)
      }
    },
  })
  void [connections, failures]
}

export function figuresOf(tenants: readonly Tenant[]): readonly DirectoryFigures[] {
  return tenants.flatMap(({ name: tenant, directories }) =>
    [...directories.values()].map((one) => ({ tenant, directory: one.name, stats: one.stats() })),
  )
}
