import { describe, expect, test } from 'vitest'
import { planClean } from '../../../sync/plan/plan-clean.ts'
import { peopleBase, person } from '../memory-sides.ts'
import { planningOf } from './context.ts'

const now = new Date('2026-11-25T10:00:00Z')
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000)
const zoe = person('id-zoe', { uid: 'zoe', sn: 'Noir', title: 'Doctor' })
const name = `uid=zoe,${peopleBase}`

async function plan(written: Record<string, unknown>, since?: Date) {
  const departures = new Map(since === undefined ? [] : [['id-zoe', since]])
  const { context, expressions } = await planningOf(written, departures)
  const { changes, findings } = await planClean([zoe], context, expressions, now)
  await expressions.close()
  return { changes, findings }
}
const changeOf = async (...given: Parameters<typeof plan>): Promise<unknown> =>
  (await plan(...given)).changes[0]?.change

test('a task that cleans nothing, or may not, leaves who is gone', async () => {
  expect(await plan({ clean: { action: 'none' } })).toEqual({ changes: [], findings: [] })
  const forbidden = { clean: { action: 'delete' }, conditions: { delete: false } }
  expect(await plan(forbidden)).toEqual({ changes: [], findings: [] })
})

test('a delete keeps what the task writes, so that nobody is deleted who has become another meanwhile', async () => {
  const { changes } = await plan({ clean: { action: 'delete' }, attributes: { sn: {} } })
  expect(changes).toMatchObject([
    { change: { kind: 'delete', name, subtree: false }, source: null, destination: { id: 'id-zoe', name } },
  ])
  expect(changes[0]?.before).toEqual(new Map([['sn', ['Noir']]]))
})

test('a subtree goes where the task says so', async () => {
  expect(await changeOf({ clean: { action: 'delete', subtree: true } })).toEqual({
    kind: 'delete',
    name,
    subtree: true,
  })
})

describe('who is gone is', () => {
  const disable = { clean: { action: 'disable', deleteAfterDays: 30 } }
  const move = { clean: { action: 'move', to: 'ou=gone,dc=example', deleteAfterDays: 30 } }
  test('disabled, or moved, once', async () => {
    expect(await changeOf(disable)).toEqual({ kind: 'disable', name })
    expect(await changeOf(move)).toEqual({ kind: 'rename', name, to: 'uid=zoe,ou=gone,dc=example' })
    expect(await plan(disable, daysAgo(29.9))).toEqual({ changes: [], findings: [] })
  })

  test('deleted when the days are over', async () => {
    for (const task of [disable, move])
      expect(await changeOf(task, daysAgo(30))).toEqual({ kind: 'delete', name, subtree: false })
  })

  test('never deleted without such days', async () => {
    expect(await plan({ clean: { action: 'disable' } }, daysAgo(5_000))).toEqual({
      changes: [],
      findings: [],
    })
  })
})

describe('a condition', () => {
  const onlyIf = (code: string) => ({ clean: { action: 'delete' }, conditions: { delete: code } })
  test('sees the entry, and decides', async () => {
    expect((await plan(onlyIf('destination.title === "Doctor"'))).changes).toHaveLength(1)
    expect(await plan(onlyIf('destination.title !== "Doctor"'))).toEqual({ changes: [], findings: [] })
  })

  test('that fails deletes nobody, and is told', async () => {
    const { changes, findings } = await plan(onlyIf('destination.title.no.such'))
    expect(changes).toEqual([])
    expect(findings).toMatchObject([
      { kind: 'expression', subject: name, expression: 'tasks.people.conditions.delete' },
    ])
  })
})
