import { expect, test } from 'vitest'
import { compileExpressions } from '../../../sync/expressions/compile.ts'
import { evaluate, expression, plain, record } from './evaluate.ts'

const zoe = record('uid=zoe,ou=people,dc=example', {
  uid: ['zoe'],
  sn: ['Lefèvre'],
  givenname: ['Zoé'],
  mail: ['zoe@example', 'z@example'],
  photo: [Buffer.from([0, 255, 10])],
})

test('an expression, statements and a return give a value', async () => {
  expect(
    await evaluate(
      [
        '`${source.givenName} ${source.SN}`',
        'const name = source.sn\nif (name === "") "none"; else { name.toUpperCase() }',
        'if (source.sn) return source.uid\nreturn "nobody"',
        '/* why */ source.uid // because',
        '{ "a block" }',
      ],
      { source: zoe },
    ),
  ).toEqual([['Zoé Lefèvre'], ['LEFÈVRE'], ['zoe'], ['zoe'], ['a block']])
})

test('a record gives first values, all values, its name and what it has', async () => {
  expect(
    await evaluate(
      [
        'source.mail',
        'source.all.mail',
        'source.dn',
        '["mail" in source, "title" in source, source.title === ""]',
        'source.all.photo',
        'Object.keys(source.all)',
        '[destination.dn === "", destination.mail === "", destination.all.mail.length]',
      ],
      { source: zoe },
    ),
  ).toEqual([
    ['zoe@example'],
    ['zoe@example', 'z@example'],
    ['uid=zoe,ou=people,dc=example'],
    ['true', 'false', 'true'],
    [Buffer.from([0, 255, 10])],
    ['uid', 'sn', 'givenname', 'mail', 'photo'],
    ['true', 'true', '0'],
  ])
})

test('what a script gives becomes values, or is refused', async () => {
  expect(
    await evaluate([
      'null',
      'undefined',
      '""',
      '["a", "", null, 2, true, ["b"], new Set(["c"])]',
      '2.5',
      '10n ** 20n',
      'new Date()',
      'new Uint8Array([1, 2])',
      '({ a: 1 })',
      '() => 1',
      'Symbol()',
    ]),
  ).toEqual([
    [],
    [],
    [],
    ['a', '2', 'true', 'b', 'c'],
    ['2.5'],
    ['100000000000000000000'],
    ['20261125101500Z'],
    [Buffer.from([1, 2])],
    'TypeError: an object is not a value',
    'TypeError: a function is not a value',
    'TypeError: a symbol is not a value',
  ])
})

test('conditions follow truth, texts are one or none', async () => {
  expect(await evaluate(['"x"', '0', '[]', 'null'], {}, {}, 'condition')).toEqual([
    ['true'],
    [],
    ['true'],
    [],
  ])
  expect(await evaluate(['["a", "b"]', '""', '7', 'value'], { value: 'v' }, {}, 'text')).toEqual([
    ['a'],
    [],
    ['7'],
    ['v'],
  ])
})

test('a condition that is false or fails keeps the rest from being evaluated', async () => {
  const expressions = await compileExpressions(
    ['source.uid === "zoe"', 'source.uid', 'nothing.here'].map((code) => expression(code)),
    { includes: [] },
  )
  const other = record('uid=max', { uid: ['max'] })
  const results = await expressions.evaluate([
    { scope: { source: zoe, destination: null }, condition: 0, wanted: [1] },
    { scope: { source: other, destination: null }, condition: 0, wanted: [1] },
    { scope: { source: zoe, destination: null }, condition: 2, wanted: [1] },
  ])
  expect(results[0]).toEqual({ condition: true, results: [{ values: ['zoe'] }] })
  expect(results[1]).toEqual({ condition: false, results: [] })
  expect(results[2]?.condition).toEqual({ failed: "ReferenceError: 'nothing' is not defined (line 1)" })
})

test('every expression that cannot be read is told at once, with its line', async () => {
  const codes = ['source.', 'fine', 'let a\nlet b = ;', '1); source.sn; (2', 'return }']
  await expect(
    compileExpressions(
      codes.map((code) => expression(code)),
      { includes: [] },
    ),
  ).rejects.toMatchObject({
    faults: [
      { place: 'place of source.', text: 'expecting field name (line 1)' },
      { place: 'place of let a\nlet b = ;', text: expect.stringContaining('(line 2)') },
      { place: 'place of 1); source.sn; (2' },
      { place: 'place of return }' },
    ],
  })
})

test('a failure names the line and hides the values of the entry', async () => {
  const [thrown, typed] = await evaluate(['\n\nthrow new Error("no site for " + source.sn)', 'null.x'], {
    source: zoe,
  })
  expect(thrown).toBe('Error: no site for … (line 3)')
  expect(typed).toContain("cannot read property 'x' of null")
})

test('attributes that scripts ask for cross with the next batches, and mean the same', async () => {
  const expressions = await compileExpressions(
    [expression('[source.sn, ...source.all.mail, source.all.photo]')],
    {
      includes: [],
    },
  )
  const asked: string[] = []
  const watched = { ...zoe, values: (name: string) => (asked.push(name), zoe.values(name)) }
  const batch = [{ scope: { source: watched, destination: null }, wanted: [0] }]
  const first = await expressions.evaluate(batch)
  expect(asked).toEqual(['sn', 'mail', 'photo', 'photo'])
  expect(await expressions.evaluate(batch)).toEqual(first)
  expect(first[0]?.results.map(plain)).toEqual([
    ['Lefèvre', 'zoe@example', 'z@example', Buffer.from([0, 255, 10])],
  ])
})

test('includes are there for every expression', async () => {
  const includes = [
    { name: 'names.js', code: 'var prefix = "adm-"; function login(uid) { return prefix + uid }' },
  ]
  expect(await evaluate(['login(source.uid)'], { source: zoe }, { includes })).toEqual([['adm-zoe']])
})
