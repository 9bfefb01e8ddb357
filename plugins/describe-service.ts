import { readFileSync } from 'node:fs'
import { Counter, Gauge, type Registry } from 'prom-client'
import { z } from 'zod'
import type { EventCount } from '../src/audit/event-counts.ts'
import type { ReadHealth } from './health.ts'

const packageFile = z.object({ version: z.string() })

export type ServiceFigures = {
  /** What this process wrote into the audit. */
  events: () => readonly EventCount[]
  readHealth: ReadHealth
}

/** Version, state of each dependency, and events: what dashboards and alerts ask of every process, whatever it does. */
export function describeService(registry: Registry, { events, readHealth }: ServiceFigures): void {
  const build = new Gauge({
    name: 'idaas_build_info',
    help: 'Always 1; the version is in the label.',
    labelNames: ['version'],
    registers: [registry],
  })
  build.set(
    packageFile.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))),
    1,
  )
  const checks = new Gauge({
    name: 'idaas_check_up',
    help: 'Whether a dependency works, as /readyz says: 1 or 0. Without those that are needed nobody is served.',
    labelNames: ['check', 'needed'],
    registers: [registry],
    async collect() {
      const health = await readHealth()
      for (const [check, { state, needed }] of Object.entries(health.checks))
        this.set({ check, needed: String(needed) }, state === 'up' ? 1 : 0)
    },
  })
  const ready = new Gauge({
    name: 'idaas_ready',
    help: 'Whether /readyz answers with 200: 1 or 0.',
    registers: [registry],
    async collect() {
      const { status } = await readHealth()
      this.set(status === 'down' ? 0 : 1)
    },
  })
  const recorded = new Counter({
    name: 'idaas_events_total',
    help: 'Events of the audit that this process wrote, by action, result and code: sign-ins, resets, recoveries, reuse of tokens.',
    labelNames: ['tenant', 'action', 'result', 'code'],
    registers: [registry],
    collect() {
      // The trail counts: what was read the last time is in what it says now.
      this.reset()
      for (const { count, ...labels } of events()) this.inc(labels, count)
    },
  })
  void [build, checks, ready, recorded]
}
