import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpressions } from '../../../sync/expressions/compile.ts'
import type { Expression, Expressions } from '../../../sync/expressions/expressions.ts'
import { plainTemplates } from '../../../sync/expressions/plain-template.ts'
import { makeRecord, type Values } from '../../../sync/record.ts'

const expressionOf = (code: string): Expression => ({ code, place: 'entryName', result: 'text' })
const surface = { includes: [] }

const PLAIN = [
  'dn`uid=${source.uid},ou=people,dc=example,dc=org`',
  'dn`uid=${source.uid}+cn=${ source.cn },ou=${source.ou},${source.base}`',
  ' dn`cn=a ${source.cn} ${source.uid} b,${source.base}` ',
  '`${source.uid}@example.org`',
  '`${source.dn}`',
  '`no hole`',
  '`${source.UID}${source.nothing}`',
]

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(' ', ',', '+', '\\', '#', '=', '"', ';', '\0', 'é', 'a') }),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
)
const values: fc.Arbitrary<Values> = fc
  .array(value, { maxLength: 2 })
  .map((all) => all.filter(({ length }) => length > 0))
const record = fc
  .record({ uid: values, cn: values, ou: values, base: values, name: fc.string() })
  .map(({ name, ...attributes }) => makeRecord(name, new Map(Object.entries(attributes))))

/** An include is nothing but a reason to ask the sandbox. */
const inSandbox = (): Promise<Expressions> =>
  compileExpressions(PLAIN.map(expressionOf), { includes: [{ name: 'empty.js', code: '' }] })

test('a template of the source’s values gives what the sandbox gives', async () => {
  const plain = plainTemplates(PLAIN.map(expressionOf), surface)
  const sandbox = await inSandbox()
  const wanted = PLAIN.map((_, index) => index)
  await fc.assert(
    fc.asyncProperty(fc.option(record, { nil: null }), async (source) => {
      const batch = [{ scope: { source, destination: null }, wanted }]
      expect(plain(batch)).toEqual(await sandbox.evaluate(batch))
    }),
    { numRuns: 500 },
  )
})

describe('the sandbox is asked', () => {
  test.each([
    ['another thing in a hole', 'dn`uid=${source.uid.toLowerCase()},dc=example`'],
    ['all values', '`${source.all}`'],
    ['an escape', String.raw`dn${'`'}cn=a\,b,ou=${'${source.ou}'}${'`'}`],
    ['the destination', '`${destination.uid}`'],
    ['another tag', 'String.raw`${source.uid}`'],
    ['more behind it', '`${source.uid}` + 1'],
  ])('for %s', (_, code) => {
    const batch = [{ scope: { source: null, destination: null }, wanted: [0] }]
    expect(plainTemplates([expressionOf(code)], surface)(batch)).toBeNull()
  })

  test('where an include could mean something else by dn', () => {
    const includes = [{ name: 'dn.js', code: 'const dn = () => ""' }]
    const batch = [{ scope: { source: null, destination: null }, wanted: [0] }]
    expect(plainTemplates(PLAIN.map(expressionOf), { includes })(batch)).toBeNull()
  })
})
