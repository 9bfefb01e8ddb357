import { expect, test } from 'vitest'
import { compileExpressions } from '../../../sync/expressions/compile.ts'
import { evaluate, expression, plain, record } from './evaluate.ts'

const limits = { milliseconds: 200, bytes: 24 * 1024 * 1024 }
const people = ['ann', 'bob', 'cid'].map((uid) => record(`uid=${uid}`, { uid: [uid] }))

/** Each of the codes misbehaves for Bob only; what the others get must not show it. */
test.each([
  ['an endless loop', 'for (;;);', 'took longer than 200 ms'],
  ['a regular expression without end', '/^(a+)+$/.test("a".repeat(40) + "b")', 'took longer than 200 ms'],
  ['one large allocation', '"x".repeat(1e9)', 'needed more than 24 MB'],
  [
    'an array without end',
    'const x = "x".repeat(100000), a = []; for (;;) a.push(x + a.length)',
    'needed more than 24 MB',
  ],
  ['recursion in a built-in function', 'JSON.parse("[".repeat(200000))', 'nested too deeply'],
  ['recursion', '(function f() { f() })()', 'InternalError: stack overflow (line 1)'],
])('%s fails the expression of its entry and nothing else', async (_, code, failure) => {
  // Memory fills in 200 ms on a machine that has nothing else to do.
  const milliseconds = failure.startsWith('needed') ? 10_000 : limits.milliseconds
  const expressions = await compileExpressions(
    [
      expression('"before " + source.uid'),
      expression(`if (source.uid === "bob") { ${code} }\nsource.uid`),
      expression('"after"'),
    ],
    { includes: [], limits: { ...limits, milliseconds } },
  )
  const batch = people.map((source) => ({ scope: { source, destination: null }, wanted: [0, 1, 2] }))
  const expected = [
    [['before ann'], ['ann'], ['after']],
    [['before bob'], failure, ['after']],
    [['before cid'], ['cid'], ['after']],
  ]
  for (let round = 0; round < 2; round++) {
    const results = await expressions.evaluate(batch)
    expect(results.map((result) => result.results.map(plain))).toEqual(expected)
  }
})

test('each expression of each entry is evaluated once, also after others broke the sandbox', async () => {
  const expressions = await compileExpressions(
    [expression('source.step'), expression('if (source.uid !== "ann") for (;;);'), expression('source.step')],
    { includes: [], limits },
  )
  const steps: string[] = []
  const batch = people.map((person) => {
    const source = {
      ...person,
      values: (name: string) => {
        if (name === 'step') steps.push(person.name)
        return person.values(name)
      },
    }
    return { scope: { source, destination: null }, condition: 0, wanted: [2, 1, 2] }
  })
  const conditionless = batch.map(({ scope, wanted }) => ({ scope, wanted }))
  const results = await expressions.evaluate(conditionless)
  expect(results.map((result) => result.results.map(plain))).toEqual([
    [[], [], []],
    [[], 'took longer than 200 ms', []],
    [[], 'took longer than 200 ms', []],
  ])
  expect(steps.filter((name) => name === 'uid=ann')).toHaveLength(1) // a record asks once
  expect(steps.filter((name) => name === 'uid=bob')).toHaveLength(2) // and once more in a new sandbox
})

test('a condition that never ends fails its entry', async () => {
  const expressions = await compileExpressions([expression('for (;;);', 'condition'), expression('1')], {
    includes: [],
    limits,
  })
  const [first, second] = await expressions.evaluate([
    { scope: { source: null, destination: null }, condition: 0, wanted: [1] },
    { scope: { source: null, destination: null }, wanted: [1] },
  ])
  expect(first?.condition).toEqual({ failed: 'took longer than 200 ms' })
  expect(second?.results).toEqual([{ values: ['1'] }])
})

test('many quick expressions may take longer than the limit of one', async () => {
  const slow = 'let n = 0; for (let i = 0; i < 60000; i++) n += i; n'
  const expressions = await compileExpressions([expression(slow)], { includes: [], limits })
  const began = performance.now()
  const batch = Array.from({ length: 200 }, () => ({
    scope: { source: null, destination: null },
    wanted: [0],
  }))
  const results = await expressions.evaluate(batch)
  expect(performance.now() - began).toBeGreaterThan(limits.milliseconds)
  expect(new Set(results.map((result) => JSON.stringify(result)))).toHaveProperty('size', 1)
})

test('there is nothing to reach outside', async () => {
  const names = [
    'process',
    'require',
    'fetch',
    'setTimeout',
    'console',
    'WebAssembly',
    'std',
    'os',
    'Worker',
    'XMLHttpRequest',
    'host',
    'navigator',
    'Deno',
  ]
  expect(await evaluate(names.map((name) => `typeof ${name}`))).toEqual(names.map(() => ['undefined']))
  const [imported] = await evaluate(['import("./main.js"); "begun"'])
  expect(imported).toEqual(['begun']) // a promise that nobody runs
})

test('nothing of one entry is seen by another', async () => {
  const attempts = [
    'Object.prototype.polluted = source.uid',
    'Array.prototype.push = () => 0',
    'String.prototype.trim = () => source.uid',
    'Object.getPrototypeOf([].values()).next = () => ({ done: true })',
    'JSON.parse = () => null',
    'globalThis.leak = source.uid',
    'AD.getUnicodePwd = () => source.uid',
    'Object.getPrototypeOf(source).first = () => "x"',
    'escapeRdn = 1',
    'undeclared = 1',
    'source.sn = "x"',
    'source.__proto__.sn = 1',
    'Function("return this")().leak = 1',
    'const p = {}; p.__proto__.polluted = 1',
  ]
  const checks = [
    '[{}.polluted, globalThis.leak, typeof undeclared, " x ".trim(), [...[1, 2]].length, AD.getUnicodePwd("a").length, source.uid]',
  ]
  const expressions = await compileExpressions(
    [...attempts, ...checks].map((code) => expression(code)),
    { includes: [] },
  )
  const wanted = [...attempts, ...checks].map((_, index) => index)
  const results = await expressions.evaluate(
    people.map((source) => ({ scope: { source, destination: null }, wanted })),
  )
  for (const [index, { results: given }] of results.entries()) {
    const values = given.map(plain)
    for (const [position, attempt] of attempts.entries())
      expect([attempt, typeof values[position]]).toEqual([attempt, 'string'])
    expect(values.at(-1)).toEqual(['undefined', 'x', '2', '6', people[index]?.name.slice(4)])
  }
})

test('code may still give its own objects a toString', async () => {
  expect(
    await evaluate(['function Point() {}; Point.prototype.toString = () => "p"; String(new Point())']),
  ).toEqual([['p']])
})
