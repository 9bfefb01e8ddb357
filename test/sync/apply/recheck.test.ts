import { describe, expect, test } from 'vitest'
import { type Verdict, verdictOn } from '../../../sync/apply/recheck.ts'
import type { Attributes, Change, Modification } from '../../../sync/plan/change.ts'
import { makeRecord, type Values } from '../../../sync/record.ts'
import { comparison } from '../memory-sides.ts'

const name = 'uid=ann,ou=people,dc=example'
const other = 'uid=ann,ou=elsewhere,dc=example'

/** The verdict on an operation, with what was there when it was planned, on the entry as it is now; null: it is gone. */
function verdict(
  change: Change,
  before: Record<string, Values>,
  now: Record<string, Values> | null,
  at = name,
): Verdict {
  const attributes: Attributes = new Map(Object.entries(before))
  return verdictOn(
    { change, before: attributes },
    now && makeRecord(at, new Map(Object.entries(now))),
    comparison,
  )
}

describe('an update', () => {
  const update = (...modifications: Modification[]): Change => ({ kind: 'update', name, modifications })
  const married = update({ operation: 'replace', attribute: 'sn', values: ['Martin'] })
  test.each<[string, Record<string, Values> | null, Verdict]>([
    ['the entry is as it was', { sn: ['Petit'] }, 'planned'],
    ['it holds the new value', { sn: ['Martin'] }, 'done'],
    ['it holds the same in the eyes of the schema', { sn: ['MARTIN '] }, 'done'],
    ['somebody has written another value', { sn: ['Roux'] }, 'conflict'],
    ['somebody has changed what it does not touch', { sn: ['Petit'], title: ['Doctor'] }, 'planned'],
    ['somebody has taken the value away', {}, 'conflict'],
    ['the entry is gone', null, 'conflict'],
  ])('when %s', (_, now, expected) => {
    expect(verdict(married, { sn: ['Petit'] }, now)).toBe(expected)
  })

  test('of members is done or not as a whole', () => {
    const change = update(
      { operation: 'delete', attribute: 'member', values: ['cn=a,dc=example'] },
      { operation: 'add', attribute: 'member', values: ['cn=c,dc=example'] },
    )
    const before = { member: ['cn=a,dc=example', 'cn=b,dc=example'] }
    const members = (...all: string[]) => ({ member: all.map((one) => `cn=${one},dc=example`) })
    expect(verdict(change, before, members('b', 'a'))).toBe('planned')
    expect(verdict(change, before, members('b', 'c'))).toBe('done')
    expect(verdict(change, before, members('a', 'b', 'c'))).toBe('conflict')
    expect(verdict(change, before, members('b', 'c', 'd'))).toBe('conflict')
  })

  test('is not done on an entry that was moved: by now another may have its name', () => {
    expect(verdict(married, { sn: ['Petit'] }, { sn: ['Petit'] }, other)).toBe('conflict')
  })
})

describe('a create', () => {
  const create: Change = { kind: 'create', name, attributes: new Map([['sn', ['Martin']]]) }
  test('is still to be done where nobody has the name, done where it is there, and never on another', () => {
    expect(verdict(create, {}, null)).toBe('planned')
    expect(verdict(create, {}, { sn: ['martin'], modifytimestamp: ['now'] })).toBe('done')
    expect(verdict(create, {}, { sn: ['Petit'] })).toBe('conflict')
  })
})

describe('a delete', () => {
  const change: Change = { kind: 'delete', name, subtree: false }
  test('spares whoever has become another, or has moved', () => {
    expect(verdict(change, { sn: ['Petit'] }, null)).toBe('done')
    expect(verdict(change, { sn: ['Petit'] }, { sn: ['Petit'], title: ['Doctor'] })).toBe('planned')
    expect(verdict(change, { sn: ['Petit'] }, { sn: ['Martin'] })).toBe('conflict')
    expect(verdict(change, { sn: ['Petit'] }, { sn: ['Petit'] }, other)).toBe('conflict')
  })
})

describe('a rename', () => {
  const rename: Change = { kind: 'rename', name, to: other }
  test('is done when the entry has the new name, in whatever spelling', () => {
    expect(verdict(rename, {}, {})).toBe('planned')
    expect(verdict(rename, {}, {}, other)).toBe('done')
    expect(verdict(rename, {}, {}, 'UID=Ann, OU=Elsewhere, DC=example')).toBe('done')
    expect(verdict(rename, {}, {}, 'uid=ann,ou=third,dc=example')).toBe('conflict')
    expect(verdict(rename, {}, null)).toBe('conflict')
  })
})
