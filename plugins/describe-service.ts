import { readFileSync } from 'node:fs'
import { Counter, Gauge, type Registry } from 'prom-client'
import { z } from 'zod'
import type { EventCount } from '../src/audit/event-counts.ts'
import { readyStatus, type ReadHealth } from './health.ts'

const packageFile = z.object({ version: z.string() })

export type ServiceFigures = {
  configHash: string
  /** What this process wrote into the audit. */
  events: () => readonly EventCount[]
  readHealth: ReadHealth
}

/** Version, state of each dependency, and events: what dashboards and alerts ask of every process, whatever it does. */
export function describeService(
  registry: Registry,
  { configHash, events, readHealth }: ServiceFigures,
): void {
  describeProgram(registry, configHash)
  describeHealth(registry, readHealth)
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
  void recorded
}

function describeProgram(registry: Registry, hash: string): void {
  const { version } = packageFile.parse(
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
  )
  const build = new Gauge({
    name: 'idaas_build_info',
    help: 'Always 1; the version is in the label.',
    labelNames: ['version'],
    registers: [registry],
  })
  build.set({ version }, 1)
  const config = new Gauge({
    name: 'idaas_config_info',
    help: 'Always 1; processes with the same hash read the same configuration.',
    labelNames: ['version', 'hash'],
    registers: [registry],
  })
  config.set({ version, hash }, 1)
}

function describeHealth(registry: Registry, readHealth: ReadHealth): void {
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
  const durations = new Gauge({
    name: 'idaas_check_duration_seconds',
    help: 'How long a dependency that works took to answer when it was last asked whether it does.',
    labelNames: ['check'],
    registers: [registry],
    async collect() {
      const { seconds } = await readHealth()
      this.reset()
      for (const [check, taken] of Object.entries(seconds)) this.set({ check }, taken)
    },
  })
  const ready = new Gauge({
    name: 'idaas_ready',
    help: 'Whether /readyz answers with 200: 1 or 0.',
    registers: [registry],
    async collect() {
      this.set(readyStatus(await readHealth()) === 200 ? 1 : 0)
    },
  })
  void [checks, durations, ready]
}
