import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../support/postgres.ts'
import { randomFrom } from '../../support/people.ts'
import { expectGolden } from '../killed/expect-golden.ts'
import { runKilled } from '../killed/run-killed.ts'
import { type KillSite, startKillSite } from '../killed/site.ts'

const PEOPLE = 10_000
const KILLS = 10

let site: KillSite
beforeAll(async () => {
  const { url } = await testDatabase()
  site = await startKillSite(PEOPLE, url)
})
afterAll(() => site.stop())

test(
  `a run of ${PEOPLE} people whose process is killed ${KILLS} times ends as if nothing had happened, each operation done once`,
  { timeout: 120_000 },
  async () => {
    const seed = randomInt(2 ** 31)
    console.log(`seed ${seed}`)
    const random = randomFrom(seed)
    const runs = []
    let killed = 0
    for (const task of ['first', 'second', 'first'] as const) {
      if (killed >= KILLS) break
      const one = await runKilled(site, task, { kills: KILLS - killed, writes: PEOPLE, random })
      killed += one.killed
      runs.push(one.run)
      await expectGolden(site, task, PEOPLE, runs)
    }
    expect(killed).toBe(KILLS)
  },
)
