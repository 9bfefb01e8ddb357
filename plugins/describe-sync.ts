import { Counter, Gauge, type Registry } from 'prom-client'
import type { TaskFigures } from '../src/store/sync-figures.ts'

/** Figures of the synchronization, read when they are asked for: every replica tells the same. While the database is away there are none. */
export function describeSync(registry: Registry, read: () => Promise<readonly TaskFigures[]>): void {
  const figures = onceAtATime(async () => await read().catch(() => []))
  const counters = [
    ['runs', 'state', 'Runs that came to rest, by the state that they came to.'],
    ['changes', 'kind', 'Changes that were made in the destination, by kind.'],
    ['errors', 'kind', 'Changes that were not made: failed, or in conflict with what somebody had changed.'],
  ] as const
  for (const [what, label, help] of counters)
    registry.registerMetric(
      new Counter({
        name: `idaas_sync_${what}_total`,
        help,
        labelNames: ['tenant', 'task', label],
        registers: [],
        async collect() {
          const tasks = await figures()
          this.reset()
          for (const { tenant, task, [what]: counts } of tasks)
            for (const [name, count] of counts) this.inc({ tenant, task, [label]: name }, count)
        },
      }),
    )
  const gauges = [
    [
      'last_success_timestamp_seconds',
      'When what the source has was last brought over.',
      ({ lastSuccess }: TaskFigures) => lastSuccess && lastSuccess.getTime() / 1_000,
    ],
    [
      'last_duration_seconds',
      'How long the last run took that ended.',
      ({ lastSeconds }: TaskFigures) => lastSeconds,
    ],
  ] as const
  for (const [what, help, valueOf] of gauges)
    registry.registerMetric(
      new Gauge({
        name: `idaas_sync_${what}`,
        help,
        labelNames: ['tenant', 'task'],
        registers: [],
        async collect() {
          const tasks = await figures()
          this.reset()
          for (const figure of tasks) {
            const value = valueOf(figure)
            if (value !== null) this.set({ tenant: figure.tenant, task: figure.task }, value)
          }
        },
      }),
    )
}

/** All metrics of one answer are of one reading. */
function onceAtATime<T>(act: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined
  return () => (current ??= act().finally(() => (current = undefined)))
}
