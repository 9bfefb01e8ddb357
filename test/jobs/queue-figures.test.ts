import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { installJobs } from '../../src/jobs/install-jobs.ts'
import { readQueueFigures } from '../../src/jobs/queue-figures.ts'
import { startJobs, type Jobs } from '../../src/jobs/start-jobs.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { testDatabase } from '../support/postgres.ts'

let database: Database
let jobs: Jobs

beforeAll(async () => {
  const { url } = await testDatabase()
  await installJobs(url)
  database = connectDatabase(url)
  jobs = startJobs({
    url,
    sealer: createSealer([randomBytes(32).toString('hex')]),
    works: false,
    onError: () => {},
  })
  return async () => {
    await jobs.stop()
    await database.close()
  }
})

async function figures() {
  const all = await readQueueFigures(database)
  return Object.fromEntries(all.map(({ name, ...one }) => [name, one]))
}
const set = (values: string, where: string) =>
  database.execute(`update pgboss.job set ${values} where ${where}`)

const none = { waiting: 0, active: 0, givenUp: 0, oldest: 0 }

test('an empty queue has a 0 for each kind of job', async () => {
  const seen = await figures()
  expect(Object.keys(seen)).toContain('mail.send')
  for (const one of Object.values(seen)) expect(one).toEqual(none)
})

test('what could be done now waits, and for how long; what is for later does not', async () => {
  const later = new Date(Date.now() + 3_600_000)
  for (const run of ['one', 'two', 'three']) await jobs.send('sync.run', { tenant: 'acme', run })
  await jobs.send('sync.run', { tenant: 'acme', run: 'later' }, { after: later })
  await set(`created_on = now() - interval '20 minutes'`, 'start_after > now()')
  await set(
    `created_on = now() - interval '10 minutes'`,
    `id = (select id from pgboss.job where start_after <= now() limit 1)`,
  )
  const { 'sync.run': runs, 'mail.send': mails } = await figures()
  expect(runs).toMatchObject({ waiting: 3, active: 0, givenUp: 0 })
  expect(Math.round(runs?.oldest ?? 0)).toBe(600)
  expect(mails).toEqual(none)
})

test('a job that failed waits for its next try; one that is tried no more is told for a day', async () => {
  const tenant = { tenant: 'acme' }
  for (let n = 0; n < 5; n++) await jobs.send('audit.purge', tenant)
  const ids = `select id from pgboss.job where name = 'audit.purge' order by id`
  const numbered = (n: number) => `id = (${ids} offset ${n} limit 1)`
  await set(`state = 'retry', start_after = now() + interval '5 minutes'`, numbered(0))
  await set(`state = 'active'`, numbered(1))
  await set(`state = 'failed', completed_on = now() - interval '23 hours'`, numbered(2))
  await set(`state = 'failed', completed_on = now() - interval '25 hours'`, numbered(3))
  await set(`state = 'completed', completed_on = now()`, numbered(4))
  expect((await figures())['audit.purge']).toMatchObject({ waiting: 1, active: 1, givenUp: 1 })
})
