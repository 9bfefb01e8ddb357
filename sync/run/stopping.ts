import type { RunUpdate } from '../../src/store/sync-runs.ts'
import type { Planning } from './plan-run.ts'

/** A run that must not go on: another runner has its task, its tenant was frozen, somebody cancelled it, this process is told to end. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly reason: 'lease-lost' | 'frozen' | 'cancelled' | 'shut-down'
  constructor(reason: Stopped['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** Milliseconds between two looks at the tables. */
const INTERVAL = 500

/** Writes progress and looks whether to go on, not more often than is of use. Throws `Stopped`. */
export function stopping({ run, services, signal }: Pick<Planning, 'run' | 'services' | 'signal'>) {
  let last = 0
  async function now(update: RunUpdate): Promise<void> {
    if (signal.aborted) throw signal.reason instanceof Stopped ? signal.reason : new Stopped('shut-down')
    const [state, frozen] = await Promise.all([
      services.runs.update(run.id, update, services.clock()),
      services.freeze.read(run.tenant),
    ])
    if (state === 'cancelled' || state === null) throw new Stopped('cancelled')
    // While it reads a frozen run goes on: its plan can be looked at.
    if (frozen !== null && state === 'applying') throw new Stopped('frozen')
  }
  return {
    now,
    async check(update: RunUpdate): Promise<void> {
      const time = performance.now()
      if (time - last < INTERVAL && !signal.aborted) return
      last = time
      await now(update)
    },
  }
}
