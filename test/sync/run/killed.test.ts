import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { randomFrom } from '../../support/people.ts'
import { until } from '../../support/poll.ts'
import { testDatabase } from '../../support/postgres.ts'
import { expectGolden, expectPeople } from '../killed/expect-golden.ts'
import { request, runKilled, startRunner } from '../killed/run-killed.ts'
import { type KillSite, startKillSite } from '../killed/site.ts'

let site: KillSite | undefined
afterEach(() => site?.stop())

async function siteOf(people: number): Promise<KillSite> {
  const { url } = await testDatabase()
  return (site = await startKillSite(people, url))
}

test(
  'a run of 10,000 people whose process is killed ten times ends as if nothing had happened, each operation done once',
  { timeout: 400_000 },
  async () => {
    const [people, kills] = [10_000, 10]
    const seed = randomInt(2 ** 31)
    console.log(`seed ${seed}`)
    const random = randomFrom(seed)
    const here = await siteOf(people)
    const runs = []
    let killed = 0
    for (const task of ['first', 'second', 'first'] as const) {
      if (killed >= kills) break
      const one = await runKilled(here, task, { kills: kills - killed, writes: people, random })
      killed += one.killed
      runs.push(one.run)
      await expectGolden(here, task, people, runs)
    }
    expect(killed).toBe(kills)
  },
)

test(
  'a runner that slept while another took its run over leaves it to that one',
  { timeout: 120_000 },
  async () => {
    const here = await siteOf(3_000)
    const run = await request(here, 'first')
    const writes = (count: number): Promise<unknown> =>
      until(async () => (await here.writeCount()) > count, { within: 60_000 })
    const asleep = startRunner(here.config, run.id)
    await writes(300)
    asleep.kill('SIGSTOP')
    const other = startRunner(here.config, run.id)
    const ends = Promise.all([once(asleep, 'exit'), once(other, 'exit')])
    await writes(1_500)
    asleep.kill('SIGCONT')
    const ended = [0, null]
    expect(await ends).toEqual([ended, ended])
    expect(await here.engine.services.runs.read('acme', run.id)).toMatchObject({ state: 'done' })
    await expectPeople(here, 'first', 3_000)
  },
)
