import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { installJobs } from '../../src/jobs/install-jobs.ts'
import { startJobs, type Jobs, type JobsOptions } from '../../src/jobs/start-jobs.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import { until } from '../support/poll.ts'
import { testDatabase } from '../support/postgres.ts'

let url: string
let database: Database
const sealer = createSealer([randomBytes(32).toString('hex')])
const errors: unknown[] = []

/** A process of ours. */
function open(works: boolean, options: Partial<JobsOptions> = {}): Jobs {
  return startJobs({ url, sealer, works, onError: (error) => errors.push(error), ...options })
}

beforeAll(async () => {
  url = (await testDatabase()).url
  await Promise.all([installJobs(url), installJobs(url)])
  database = connectDatabase(url)
  return () => database.close()
})

const request = (identifier: string) => ({ tenant: 'acme', identifier, origin: { requestId: 'r-1' } })

describe('the job queue', () => {
  test('does a job within a second in another process, with what it was given', async () => {
    const [web, worker] = [open(false), open(true)]
    const done: unknown[] = []
    await worker.work('recovery.mail', async (payload) => void done.push(payload))
    await web.send('recovery.mail', request('first')) // connects
    await until(() => done.length === 1, { within: 5000 })
    const sent = performance.now()
    await web.send('recovery.mail', request('second'))
    await until(() => done.length === 2, { within: 5000 })
    expect(performance.now() - sent).toBeLessThan(500) // by notification: the next look would be in 5 s
    expect(done).toEqual([request('first'), request('second')])
    await Promise.all([web.stop(), worker.stop()])
  })

  test('does each job once, however many workers there are', async () => {
    const web = open(false)
    const workers = [open(true), open(true)]
    const done: string[] = []
    for (const worker of workers)
      await worker.work('recovery.mail', async ({ identifier }) => void done.push(identifier))
    const names = Array.from({ length: 40 }, (_, n) => `person ${n}`)
    await Promise.all(names.map((name) => web.send('recovery.mail', request(name))))
    await until(() => done.length >= names.length, { within: 10_000 })
    await Promise.all([web, ...workers].map((jobs) => jobs.stop()))
    expect(done.toSorted()).toEqual(names.toSorted())
  })

  test('works off what has piled up without waiting for its next look', async () => {
    const web = open(false)
    for (let n = 0; n < 60; n++) await web.send('recovery.mail', request(`piled up ${n}`))
    const worker = open(true)
    const done: string[] = []
    const started = performance.now()
    await worker.work('recovery.mail', async ({ identifier }) => void done.push(identifier))
    await until(() => done.length === 60, { within: 10_000 })
    expect(performance.now() - started).toBeLessThan(3_000) // by one job a look it would be half a minute
    await Promise.all([web.stop(), worker.stop()])
  })

  test('tries a failed job again, and keeps nothing of the payload or the error in the clear', async () => {
    const jobs = open(true, { polling: 0.5 })
    let tries = 0
    await jobs.work('mail.send', async () => {
      tries += 1
      if (tries === 1) throw new Error('550 secret-person@example.org is unknown')
    })
    const mail = {
      tenant: 'acme',
      from: 'a@b',
      to: ['secret-person@example.org'],
      subject: 'secret',
      text: 'secret-link',
      html: '',
    }
    await jobs.send('mail.send', mail)
    await until(() => tries === 1, { within: 5000 })
    const rows = await database.query(
      z.object({ row: z.string() }),
      'select j::text as row from pgboss.job j',
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ row }) => row.includes('secret'))).toEqual([])
    expect(errors).toContainEqual(new Error('550 secret-person@example.org is unknown'))
    await until(() => tries === 2, { within: 15_000 })
    await jobs.stop()
  })

  test('finishes the job that runs when it is stopped', async () => {
    const jobs = open(true)
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const states: string[] = []
    await jobs.work('recovery.mail', async () => {
      states.push('started')
      await mayEnd
      states.push('ended')
    })
    await jobs.send('recovery.mail', request('slow'))
    await until(() => states.length === 1, { within: 5000 })
    const stopped = jobs.stop().then(() => states.push('stopped'))
    end()
    await stopped
    expect(states).toEqual(['started', 'ended', 'stopped'])
  })

  test('begins a short run of a task while a long one is going on', async () => {
    const jobs = open(true)
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const states: string[] = []
    await jobs.work('sync.run', async ({ run }) => {
      states.push(`${run} begins`)
      if (run === 'long') await mayEnd
      states.push(`${run} ends`)
    })
    for (const run of ['long', 'short', 'another']) await jobs.send('sync.run', { tenant: 'acme', run })
    await until(() => states.includes('another ends') && states.includes('short ends'), { within: 5000 })
    expect(states).not.toContain('long ends')
    end()
    await jobs.stop()
    expect(states).toContain('long ends')
  })

  test('tells a job that is running that we stop; that it then fails is no error', async () => {
    const jobs = open(true)
    const states: string[] = []
    errors.length = 0
    await jobs.work('sync.run', async (_payload, signal) => {
      states.push('started')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      states.push('handed over')
      throw new Error('not at rest')
    })
    await jobs.send('sync.run', { tenant: 'acme', run: 'endless' })
    await until(() => states.length === 1, { within: 5000 })
    await jobs.stop()
    expect(states).toEqual(['started', 'handed over'])
    expect(errors).toEqual([])
  })

  test('does a job of a wrong shape or from another key never', async () => {
    const stranger = open(false, { sealer: createSealer([randomBytes(32).toString('hex')]) })
    const jobs = open(true)
    const done: unknown[] = []
    errors.length = 0
    await jobs.work('recovery.mail', async (payload) => void done.push(payload))
    await stranger.send('recovery.mail', request('forged'))
    await until(() => errors.length > 0, { within: 5000 })
    expect(String(errors[0])).toContain('SealBroken')
    expect(done).toEqual([])
    await Promise.all([stranger.stop(), jobs.stop()])
  })
})

describe('schedules', () => {
  const schedules = async () =>
    await database.query(
      z.object({ key: z.string(), cron: z.string(), timezone: z.string() }),
      `select key, cron, timezone from pgboss.schedule where name = 'sync.scheduled' order by key`,
    )

  test('are one for each task; those that left the configuration go', async () => {
    const jobs = open(true)
    const schedule = async (tenant: string, task: string, cron: string) =>
      await jobs.schedule('sync.scheduled', cron, { tenant, task }, { key: task, timeZone: 'Europe/Paris' })
    await schedule('acme', 'people', '15 2 * * *')
    await schedule('acme', 'people', '30 2 * * *')
    await schedule('acme', 'Groupes & rôles', '0 3 * * *')
    await schedule('other', 'people', '0 4 * * *')
    await jobs.schedule('audit.purge', '0 1 * * *', { tenant: 'acme' })
    await jobs.keepSchedules('sync.scheduled', [
      { tenant: 'acme', key: 'people' },
      { tenant: 'acme', key: 'Groupes & rôles' },
    ])
    expect(await schedules()).toEqual([
      { key: 'acme/Groupes_20__26__20_r_f4_les', cron: '0 3 * * *', timezone: 'Europe/Paris' },
      { key: 'acme/people', cron: '30 2 * * *', timezone: 'Europe/Paris' },
    ])
    await jobs.keepSchedules('sync.scheduled', [])
    expect(await schedules()).toEqual([])
    const others = await database.query(z.object({ key: z.string() }), 'select key from pgboss.schedule')
    expect(others).toEqual([{ key: 'acme' }])
    await jobs.stop()
  })
})

test('without PostgreSQL, or before its schema is there, the queue is unavailable', async () => {
  const settings = { url: 'postgresql://idaas@localhost/none?host=/nowhere' }
  const jobs = open(false, settings)
  await expect(jobs.ping()).rejects.toMatchObject({ code: 'store-unavailable' })
  await expect(jobs.send('recovery.mail', request('x'))).rejects.toMatchObject({ code: 'store-unavailable' })
  await jobs.stop()

  const { url: empty } = await testDatabase()
  const early = open(false, { url: empty })
  await expect(early.ping()).rejects.toMatchObject({ code: 'store-unavailable' })
  await installJobs(empty)
  await early.ping() // without a restart
  await early.stop()
})
