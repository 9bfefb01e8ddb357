import { expect } from 'vitest'
import type { JournalRow } from '../../../src/store/sync-journal.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { baseOf, peopleIn } from './people.ts'
import type { KillSite } from './site.ts'

/** The directory is as the source of its last run says, and its server has done each operation of the runs once, and nothing else. */
export async function expectGolden(
  site: KillSite,
  task: 'first' | 'second',
  count: number,
  runs: readonly Run[],
): Promise<void> {
  const last = runs.at(-1)
  expect(last).toMatchObject({ state: 'done', counts: { failed: 0, conflicts: 0 } })
  expect(last?.counts.done).toEqual(last?.counts.planned)
  await expectPeople(site, task, count)
  const planned: string[] = []
  for (const { id } of runs) planned.push(...(await operationsOf(site, id)))
  expect(planned.length).toBeGreaterThan(count / 2)
  expect((await site.writes()).toSorted()).toEqual(planned.toSorted())
  expect(planned.some((one) => one.includes(baseOf('before')))).toBe(true)
}

/** The directory is as a source says. */
export async function expectPeople(site: KillSite, task: 'first' | 'second', count: number): Promise<void> {
  const golden = new Map(
    Array.from(peopleIn(task, count), ([uid, attributes]) => [
      uid,
      Object.fromEntries(
        Object.entries(attributes)
          .filter(([, values]) => values.length > 0)
          .map(([name, values]) => [name, values.toSorted()]),
      ),
    ]),
  )
  expect(await site.people()).toEqual(golden)
}

const requests = { create: 'add', update: 'modify', rename: 'modrdn', delete: 'delete' } as const

/** As the server's log names them. */
async function operationsOf({ engine }: KillSite, run: string): Promise<string[]> {
  const rows: JournalRow[] = []
  let after = { stage: -1, seq: -1 }
  for (;;) {
    const page = await engine.services.journal.next(run, after, 5_000, ['done'])
    const last = page.at(-1)
    if (last === undefined) break
    rows.push(...page)
    after = last
  }
  return rows.map(({ kind, name }) => {
    if (kind === 'disable' || kind === 'enable') throw new Error(`not planned: ${kind}`)
    return `${requests[kind]} ${name}`
  })
}
