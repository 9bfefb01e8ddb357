import { PgBoss } from 'pg-boss'
import { jobKinds, jobNames } from './job-kinds.ts'

/** Seconds after which a long job's worker is taken for dead. */
const SILENCE = 60

/** Brings pg-boss's own schema and our queues in the database at `url` to this version. Several processes may do it at once. */
export async function installJobs(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    max: 1,
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  boss.on('error', () => {}) // what matters also rejects below
  await boss.start()
  try {
    for (const name of jobNames) {
      const { retries, isLong = false } = jobKinds[name]
      const { tries, delay, longestDelay, runtime } = retries
      const settings = {
        retryLimit: tries,
        retryDelay: delay,
        retryBackoff: true,
        retryDelayMax: longestDelay,
        expireInSeconds: runtime,
        // A done job has nothing to tell, a failed one is looked at for a week.
        deleteAfterSeconds: 7 * 86_400,
        ...(isLong && { heartbeatSeconds: SILENCE }),
        notify: true,
      }
      await boss.createQueue(name, settings)
      await boss.updateQueue(name, settings)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}
