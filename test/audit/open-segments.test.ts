import { expect, test } from 'vitest'
import { readOpenSegments } from '../../src/audit/open-segments.ts'
import { resetBy, setUpAudit } from './audit-setup.ts'

const began = new Date('2026-11-23T08:00:00Z')
const hoursLater = (hours: number) => new Date(began.getTime() + hours * 3_600_000)

test('an open segment has taken events for as long as they came, not for as long as nothing came', async () => {
  const { database, open } = await setUpAudit()
  let now = began
  const clock = () => now
  const recordAt = async (hours: number, tenant: string, audit = open({ clock })) => {
    now = hoursLater(hours)
    await audit.record(resetBy('hugo', 'alice', { tenant, time: now }))
  }
  const neverClosing = () => open({ clock, limits: { events: 1_000, age: Infinity } })
  await recordAt(0, 'acme')
  await recordAt(20, 'acme')
  // The next event closes it, however late it comes.
  await recordAt(0, 'quiet')
  await recordAt(70, 'quiet')
  await recordAt(0, 'broken', neverClosing())
  await recordAt(70, 'broken', neverClosing())
  const segments = await readOpenSegments(database, ['acme', 'quiet', 'broken', 'without-events'])
  expect(Object.fromEntries(segments.map(({ tenant, seconds }) => [tenant, seconds / 3_600]))).toEqual({
    acme: 20,
    quiet: 0,
    broken: 70,
  })
  await database.close()
})
