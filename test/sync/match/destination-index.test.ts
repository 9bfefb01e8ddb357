import { expect, test } from 'vitest'
import { DestinationIndex } from '../../../sync/match/destination-index.ts'
import { makeRecord, type SyncRecord } from '../../../sync/record.ts'
import { comparison } from '../memory-sides.ts'

/** An entry named by its number of the destination. */
function entry(name: string, attributes: Record<string, string[]>): SyncRecord {
  return makeRecord(name, new Map(Object.entries(attributes)))
}

/** With the pivots employeeNumber, then mail. */
function indexOf(...records: SyncRecord[]): DestinationIndex {
  const pivots = ['employeeNumber', 'mail'].map((name) => ({
    source: name,
    destination: name,
    transform: null,
  }))
  const index = new DestinationIndex(pivots, comparison)
  for (const record of records) index.add(record)
  return index
}

const ann = entry('ann', { employeenumber: ['1'], mail: ['ann@example.org'] })
const bob = entry('bob', { employeenumber: ['2'], mail: ['bob@example.org', 'robert@example.org'] })

test('a pivot of higher priority counts, whatever those behind it say', () => {
  const match = indexOf(ann, bob).match([['1'], ['bob@example.org']], { name: 'source' })
  expect(match).toMatchObject({ type: 'found', record: ann })
})

test('the next pivot is asked where the one before finds nothing or has no value', () => {
  expect(indexOf(ann, bob).match([['9'], ['bob@example.org']], { name: 'source' })).toMatchObject({
    type: 'found',
    record: bob,
  })
  expect(indexOf(ann, bob).match([[], ['bob@example.org']], { name: 'source' })).toMatchObject({
    type: 'found',
    record: bob,
  })
})

test('values are compared as the schema says, and each of several counts', () => {
  const match = indexOf(ann, bob).match([[], ['nobody@example.org', 'Robert@EXAMPLE.org']], {
    name: 'source',
  })
  expect(match).toMatchObject({ type: 'found', record: bob })
})

test('a record without a value in any pivot is not looked for', () => {
  expect(indexOf(ann).match([[], []], { name: 'source' })).toEqual({ type: 'no-pivot' })
})

test('values that name several entries are ambiguous, and none of these is gone', () => {
  const index = indexOf(ann, bob)
  const match = index.match([[], ['ann@example.org', 'robert@example.org']], { name: 'both' })
  expect(match).toEqual({ type: 'ambiguous', subject: 'both', others: ['ann', 'bob'], withdrawn: [] })
  expect([...index.unmatched()]).toEqual([])
})

test('entries with the same pivot are ambiguous, and none of these is gone', () => {
  const twin = entry('twin', { employeenumber: ['1'] })
  const index = indexOf(ann, twin, bob)
  expect(index.match([['1'], []], { name: 'source' })).toMatchObject({
    type: 'ambiguous',
    others: ['ann', 'twin'],
  })
  expect([...index.unmatched()]).toEqual([bob])
})

test('one entry that several name by the same pivot is nobody’s: what was planned for the first is withdrawn', () => {
  const index = indexOf(ann)
  const first = index.match([['1'], []], { name: 'one' })
  const key = 'key' in first ? first.key : ''
  expect(index.match([['1'], []], { name: 'two' })).toEqual({
    type: 'ambiguous',
    subject: 'two',
    others: ['one', 'ann'],
    withdrawn: [key],
  })
  expect(index.match([['1'], []], { name: 'three' })).toMatchObject({ type: 'ambiguous', withdrawn: [] })
  expect([...index.unmatched()]).toEqual([])
})

test('whoever names an entry by the better pivot has it, also when they come last', () => {
  const index = indexOf(ann)
  const weak = index.match([['9'], ['ann@example.org']], { name: 'weak' })
  const withdrawn = 'key' in weak ? [weak.key] : []
  expect(index.match([['1'], []], { name: 'strong' })).toMatchObject({
    type: 'found',
    record: ann,
    instead: { subject: 'weak', others: ['strong'], withdrawn },
  })
})

test('whoever names an entry by the better pivot keeps it', () => {
  const index = indexOf(ann)
  index.match([['1'], []], { name: 'strong' })
  expect(index.match([['9'], ['ann@example.org']], { name: 'weak' })).toEqual({
    type: 'ambiguous',
    subject: 'weak',
    others: ['strong', 'ann'],
    withdrawn: [],
  })
})

test('two new records with the same pivot are created neither', () => {
  const index = indexOf()
  const first = index.match([['7'], []], { name: 'one' })
  expect(first).toMatchObject({ type: 'none' })
  const key = 'key' in first ? first.key : ''
  expect(index.match([['7'], []], { name: 'two' })).toEqual({
    type: 'ambiguous',
    subject: 'two',
    others: ['one'],
    withdrawn: [key],
  })
})

test('what is only known to be there is not gone', () => {
  const index = indexOf(ann, bob)
  index.mark([['1'], []])
  expect([...index.unmatched()]).toEqual([bob])
})
