import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { randomFrom } from '../support/people.ts'
import { expectGolden } from '../sync/killed/expect-golden.ts'
import { runKilled } from '../sync/killed/run-killed.ts'
import { startKillSite } from '../sync/killed/site.ts'

const PEOPLE = 10_000
const KILLS = 100
const KILLS_OF_A_RUN = 10

/** Kills processes (-9) that bring 10,000 people in step, 100 times; after each run the directory is compared with what it should be, and its log with the journal. */
export async function benchSyncKill(options: string[]): Promise<void> {
  const seed = Number(options[0] ?? randomInt(2 ** 31))
  console.log(`seed ${seed}`)
  const random = randomFrom(seed)
  const folder = await mkdtemp(join(tmpdir(), 'sync-kill-'))
  const postgres = await startEmbeddedPostgres(folder)
  const site = await startKillSite(PEOPLE, postgres.url)
  try {
    const runs = []
    for (let killed = 0; killed < KILLS;) {
      const task = runs.length % 2 === 0 ? 'first' : 'second'
      const kills = Math.min(KILLS_OF_A_RUN, KILLS - killed)
      const begin = performance.now()
      const one = await runKilled(site, task, { kills, writes: PEOPLE, random })
      killed += one.killed
      runs.push(one.run)
      await expectGolden(site, task, PEOPLE, runs)
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
      console.log(`${killed} killed: as it should be, each operation once (${seconds} s)`)
    }
  } finally {
    await site.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
