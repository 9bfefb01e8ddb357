import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../../sync/connectors/connector.ts'
import { datasetValues, neededExpressions } from '../../../sync/diff/dataset-values.ts'
import { keysBy, modificationsOf } from '../../../sync/diff/modifications.ts'
import type { Expression } from '../../../sync/expressions/expressions.ts'
import type { Modification } from '../../../sync/plan/change.ts'
import type { Values } from '../../../sync/record.ts'
import type { Dataset } from '../../../sync/task/task.ts'

/** LSC's own assertions: source s, destination d, default value ppp, create value qqq, force value rrr. `=`: as it was. */
const table = `
config      | s∅ d∅ | s=aa,bb d∅ | s∅ d=bb,cc | s=cc,dd d=cc,dd | s=aa,bb d=aa,cc | s∅ N/A | s=aa,bb N/A
FORCE - - - | ∅     | aa,bb      | *          | =               | aa,bb           | ∅      | aa,bb
FORCE D - - | ppp   | aa,bb      | ppp        | =               | aa,bb           | ∅      | aa,bb
FORCE - C - | ∅     | aa,bb      | =          | =               | aa,bb           | qqq    | aa,bb
FORCE D C - | ppp   | aa,bb      | ppp        | =               | aa,bb           | qqq    | aa,bb
FORCE - - F | rrr   | rrr        | rrr        | rrr             | rrr             | rrr    | rrr
FORCE D C F | rrr   | rrr        | rrr        | rrr             | rrr             | rrr    | rrr
KEEP - - -  | ∅     | aa,bb      | =          | =               | =               | ∅      | aa,bb
KEEP D - -  | ppp   | aa,bb      | =          | =               | =               | ∅      | aa,bb
KEEP - C -  | ∅     | aa,bb      | =          | =               | =               | qqq    | aa,bb
KEEP D C -  | ppp   | aa,bb      | =          | =               | =               | qqq    | aa,bb
KEEP - - F  | rrr   | rrr        | =          | =               | =               | rrr    | rrr
KEEP D C F  | rrr   | rrr        | =          | =               | =               | rrr    | rrr
MERGE - - - | ∅     | aa,bb      | =          | =               | aa,bb,cc        | ∅      | aa,bb
MERGE D - - | ppp   | aa,bb,ppp  | bb,cc,ppp  | cc,dd,ppp       | aa,bb,cc,ppp    | ∅      | aa,bb
MERGE - C - | ∅     | aa,bb      | =          | =               | aa,bb,cc        | qqq    | aa,bb,qqq
MERGE D C - | ppp   | aa,bb,ppp  | bb,cc,ppp  | cc,dd,ppp       | aa,bb,cc,ppp    | qqq    | aa,bb,qqq
MERGE - - F | rrr   | rrr        | bb,cc,rrr  | cc,dd,rrr       | aa,cc,rrr       | rrr    | rrr
MERGE D C F | rrr   | rrr        | bb,cc,rrr  | cc,dd,rrr       | aa,cc,rrr       | rrr    | rrr
`

const [header = [], ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))

const letters: Readonly<Record<string, string>> = { D: 'ppp', C: 'qqq', F: 'rrr' }

function expression(code: string): Expression {
  return { code, place: `attributes.x.${code}`, result: 'values' }
}

function dataset(config: string): Dataset {
  const [policy = '', d = '-', c = '-', f = '-'] = config.split(' ')
  const given = (letter: string) => (letter === '-' ? null : [expression(letters[letter] ?? '')])
  return {
    attribute: 'x',
    policy: policy === 'KEEP' ? 'keep' : policy === 'MERGE' ? 'merge' : 'force',
    from: { attribute: 'x' },
    default: given(d),
    create: given(c),
    force: given(f),
    exact: true,
    delimiter: '',
    references: null,
  }
}

const comparison: Comparison = {
  key: (_, value) => String(value).toLowerCase(),
  sameName: (one, other) => one === other,
  names: 'dn',
  isReference: () => false,
  isRequired: () => false,
  isSingleValued: () => false,
  isWritable: () => true,
  isKnown: () => undefined,
}

function valuesIn(cell: string, letter: string): string[] {
  return new RegExp(`${letter}=(\\S+)`).exec(cell)?.[1]?.split(',') ?? []
}

/** What the destination has afterwards. */
function outcome(config: string, situation: string, everyAttribute: boolean): string[] {
  const rule = dataset(config)
  const source = valuesIn(situation, 's')
  const destination = valuesIn(situation, 'd')
  const creates = situation.endsWith('N/A')
  // LSC's `*`: only what the source has, or what some rule computes, is looked at.
  const isWritten = source.length > 0 || rule.default !== null || rule.create !== null || rule.force !== null
  if (everyAttribute && !isWritten) return destination
  const given = { creates, source, destination }
  const needed = neededExpressions(rule, given)
  const wanted = datasetValues(rule, given, (one) => {
    if (!needed.includes(one)) throw new Error(`${one.code} was not asked for`)
    return [one.code]
  })
  if (wanted === null) return destination
  const changes = modificationsOf(rule, wanted.values, destination, keysBy(comparison, true))
  return changes.reduce<string[]>((present, change) => applied(present, change), destination)
}

function applied(present: string[], { operation, values }: Modification): string[] {
  const given = textsOf(values)
  if (operation === 'replace') return given
  if (operation === 'delete') return present.filter((value) => !given.includes(value))
  expect(
    present.filter((value) => given.includes(value)),
    'servers refuse a value that is there',
  ).toEqual([])
  return [...present, ...given]
}

function textsOf(values: Values): string[] {
  return values.map((value) => value.toString())
}

const cells = rows.flatMap(([config = '', ...results]) =>
  results.map((result, index) => ({ config, situation: header[index + 1] ?? '', result })),
)

function expected({ situation, result }: (typeof cells)[number], everyAttribute: boolean): string[] {
  const before = valuesIn(situation, 'd')
  if (result === '*') return everyAttribute ? before : []
  if (result === '=') return before
  return result === '∅' ? [] : result.split(',')
}

describe.each([
  { written: 'every attribute of the source (`*`)', everyAttribute: true },
  { written: 'an explicit list', everyAttribute: false },
])('LSC’s truth table, writing $written', ({ everyAttribute }) => {
  test.each(cells)('$config, $situation: $result', (cell) => {
    const result = outcome(cell.config, cell.situation, everyAttribute)
    expect(result.toSorted()).toEqual(expected(cell, everyAttribute).toSorted())
  })
})

describe('expressions', () => {
  test('are evaluated only when their values count: a sequence is not consumed in vain', () => {
    const rule = { ...dataset('FORCE D C -') }
    expect(neededExpressions(rule, { creates: true, source: ['a'], destination: [] })).toEqual([])
    expect(neededExpressions(rule, { creates: true, source: [], destination: [] })).toEqual(rule.create)
    expect(neededExpressions(rule, { creates: false, source: [], destination: [] })).toEqual(rule.default)
    const kept = dataset('KEEP D C F')
    expect(neededExpressions(kept, { creates: false, source: [], destination: ['x'] })).toEqual([])
  })
})

describe('a modification', () => {
  const difference = (wanted: string[], present: string[], exact = false) =>
    modificationsOf({ attribute: 'x', policy: 'force' }, wanted, present, keysBy(comparison, exact))

  test('sends the values that differ where that is less, else all of them', () => {
    expect(difference(['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'e'])).toEqual([
      { operation: 'delete', attribute: 'x', values: ['e'] },
      { operation: 'add', attribute: 'x', values: ['d'] },
    ])
    expect(difference(['a', 'b'], ['a'])).toEqual([{ operation: 'add', attribute: 'x', values: ['b'] }])
    expect(difference(['a', 'b'], ['c'])).toEqual([
      { operation: 'replace', attribute: 'x', values: ['a', 'b'] },
    ])
  })

  test('tells values apart as the destination does, unless byte by byte is asked for', () => {
    expect(difference(['HELLO', 'hello'], ['Hello'])).toEqual([])
    expect(difference(['HELLO'], ['Hello'], true)).toEqual([
      { operation: 'replace', attribute: 'x', values: ['HELLO'] },
    ])
  })
})

describe('a delimiter', () => {
  test('splits on each of its characters, drops empty parts and leaves blanks and bytes alone', () => {
    const rule = { ...dataset('FORCE - - -'), delimiter: ';,' }
    const bytes = Buffer.from('a;b')
    const given = { creates: true, source: ['hello; world,x;', bytes], destination: [] }
    expect(datasetValues(rule, given, () => [])?.values).toEqual(['hello', ' world', 'x', bytes])
  })
})
