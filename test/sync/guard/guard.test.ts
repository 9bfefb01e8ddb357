import { describe, expect, test } from 'vitest'
import { syncTaskSchema } from '../../../src/config/sync-task-schema.ts'
import { noCounts } from '../../../src/store/sync-runs.ts'
import { guardFindings, type PlanFigures } from '../../../sync/guard/guard.ts'

const side = { directory: 'here' }
/** As a task has them that says nothing. */
const guards = syncTaskSchema.parse({
  name: 't',
  source: side,
  destination: side,
  pivots: ['uid'],
  attributes: {},
}).guards

const figures = (more: Partial<PlanFigures>): PlanFigures => ({
  source: 1_000,
  destination: 1_000,
  planned: noCounts.planned,
  departures: 0,
  sourceBefore: null,
  ...more,
})

describe('removals', () => {
  test.each([
    { destination: 100, most: 20 },
    { destination: 400, most: 20 },
    { destination: 1_000, most: 50 },
    { destination: 10_019, most: 500 },
  ])('of $destination entries $most go without approval, and one more does not', ({ destination, most }) => {
    expect(guardFindings(figures({ destination, departures: most }), guards)).toEqual([])
    expect(guardFindings(figures({ destination, departures: most + 1 }), guards)).toEqual([
      { guard: 'deletes', count: most + 1, limit: most },
    ])
  })

  test('none is let through where a task allows none', () => {
    const none = { ...guards, deletes: 0, deleteShare: 0 }
    expect(guardFindings(figures({ departures: 1 }), none)).toEqual([
      { guard: 'deletes', count: 1, limit: 0 },
    ])
  })
})

describe('a source', () => {
  test('may lose a tenth of its records from run to run, and no more', () => {
    expect(guardFindings(figures({ sourceBefore: 1_000, source: 900 }), guards)).toEqual([])
    expect(guardFindings(figures({ sourceBefore: 1_000, source: 899 }), guards)).toEqual([
      { guard: 'shrunk', count: 899, limit: 900 },
    ])
  })

  test('without records holds the plan, unless the task takes it at its word', () => {
    expect(guardFindings(figures({ source: 0 }), guards)).toMatchObject([{ guard: 'empty-source' }])
    const trusting = { ...guards, allowEmptySource: true, shrink: 1 }
    expect(guardFindings(figures({ source: 0, sourceBefore: 10 }), trusting)).toEqual([])
  })

  test('may grow as it likes', () => {
    expect(guardFindings(figures({ sourceBefore: 10, source: 1_000_000 }), guards)).toEqual([])
  })
})

describe('changes', () => {
  const planned = { ...noCounts.planned, create: 5_000, update: 200, rename: 101 }
  test('are not counted where the task sets no share', () => {
    expect(guardFindings(figures({ planned }), guards)).toEqual([])
  })

  test('of what is there hold the plan above the share; new entries do not count', () => {
    expect(guardFindings(figures({ planned }), { ...guards, changeShare: 0.3 })).toEqual([
      { guard: 'changes', count: 301, limit: 300 },
    ])
    const fewer = { ...planned, rename: 100 }
    expect(guardFindings(figures({ planned: fewer }), { ...guards, changeShare: 0.3 })).toEqual([])
  })
})

test('every reason is told', () => {
  const found = guardFindings(figures({ sourceBefore: 5_000, departures: 999 }), guards)
  expect(found.map(({ guard }) => guard)).toEqual(['shrunk', 'deletes'])
})
