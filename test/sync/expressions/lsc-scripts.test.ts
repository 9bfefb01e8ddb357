import { expect, test } from 'vitest'
import { compileExpressions } from '../../../sync/expressions/compile.ts'
import type { Scope } from '../../../sync/expressions/expressions.ts'
import type { Values } from '../../../sync/record.ts'
import { evaluate, record } from './evaluate.ts'

const source = record('uid=zoe,ou=people,dc=example', {
  uid: ['zoe'],
  sn: ['Lefèvre'],
  cn: ['Zoé Lefèvre'],
  mail: ['zoe@example', 'z@example'],
  userpassword: [Buffer.from('{SSHA}xyz')],
  usercertificate: [Buffer.from([1, 200])],
})
const destination = record('cn=Zoé,ou=users', { uid: ['zoe'], mail: ['old@example'] })

async function lsc(
  codes: readonly string[],
  scope: Partial<Scope> = {},
): Promise<readonly (Values | string)[]> {
  return evaluate(codes, { source, destination, ...scope }, { dialect: 'lsc' })
}

test('the bean answers as LSC’s does, under its old names too', async () => {
  expect(
    await lsc([
      'srcBean.getDatasetFirstValueById("SN")',
      'srcBean.getAttributeFirstValueById("nothing") === ""',
      'srcBean.getDatasetValuesById("mail")',
      'srcBean.getAttributeValuesById("nothing").size()',
      'srcBean.getDatasetById("mail").contains("z@example")',
      'srcBean.getDatasetById("nothing") === null',
      'srcBean.getDatasetFirstBinaryValueById("userCertificate")',
      'srcBean.getDatasetFirstValueById("userPassword")',
      'srcBean.getDatasetsNames()',
      '[srcBean.getMainIdentifier(), srcBean.getDN(), srcBean.getDistinguishedName(), srcBean.getFullDistinguishedName()]',
      'srcBean.getAttributeById("mail").get(1)',
      'srcBean.setDataset("mail", "new@example"); srcBean.getDatasetFirstValueById("MAIL")',
      'dstBean.getDatasetFirstValueById("mail")',
    ]),
  ).toEqual([
    ['Lefèvre'],
    ['true'],
    ['zoe@example', 'z@example'],
    ['0'],
    ['true'],
    ['true'],
    [Buffer.from([1, 200])],
    ['{SSHA}xyz'],
    ['uid', 'sn', 'cn', 'mail', 'userpassword', 'usercertificate'],
    Array.from({ length: 4 }, () => 'uid=zoe,ou=people,dc=example'),
    ['z@example'],
    ['new@example'],
    ['old@example'],
  ])
})

test('the destination of an entry to be created is undefined for values and null for conditions', async () => {
  expect(await lsc(['typeof dstBean', 'dstBean == null'], { destination: null })).toEqual([
    ['undefined'],
    ['true'],
  ])
  const conditions = await evaluate(['dstBean === null'], { source }, { dialect: 'lsc' }, 'condition')
  expect(conditions).toEqual([['true']])
})

test('the attribute that is computed is there as values and as attribute', async () => {
  const attributes = new Map([
    [0, 'mail'],
    [1, 'mail'],
    [2, 'mail'],
    [3, 'title'],
  ])
  expect(
    await lsc(
      ['srcValues', 'dstValues.iterator().next()', 'srcAttr.get() + srcAttr.size()', 'srcAttr === null'],
      {
        attributes,
      },
    ),
  ).toEqual([['zoe@example', 'z@example'], ['old@example'], ['zoe@example2'], ['true']])
})

test('pivots, a transformed value and the flags of the command are variables', async () => {
  expect(
    await lsc(
      [
        '"(uid=" + pivotAttributes["uid"] + ")" + pivotAttributes.get("uid")',
        'value.toUpperCase()',
        'nocreate && !nodelete',
        'custom.length',
      ],
      { pivots: new Map([['uid', 'zoe']]), value: 'v', flags: { nocreate: true } },
    ),
  ).toEqual([['(uid=zoe)zoe'], ['V'], ['true'], ['0']])
})

test('scripts are programs of any of LSC’s JavaScript engines', async () => {
  expect(
    await lsc([
      'js:srcBean.getDatasetFirstValueById("uid")',
      '\n\nrjs:\nvar a = "x";\nif (a == "x") { a + "y" } else { a }',
      'gj: result = []; for each (var m in srcBean.getDatasetValuesById("mail")) { result.push(m.length()) } result',
      'rdjs:with (new JavaImporter(java.util)) { var l = new ArrayList(); l.add("in"); } l',
      'undeclared = "leaks"; undeclared',
      'typeof undeclared2; "a.length() // no code" + /\\.length()/.test("")',
      'try { srcBean.nothing() } catch (e) { "caught" }',
    ]),
  ).toEqual([['zoe'], ['xy'], ['11', '9'], ['in'], ['leaks'], ['a.length() // no codefalse'], ['caught']])
})

test('Groovy is refused before anything runs', async () => {
  await expect(lsc(['gr: srcBean.x'])).rejects.toThrow('Groovy is not supported')
})

test('variables that a script forgot to declare are of its entry only', async () => {
  const code = 'var seen = typeof zork + (org === "x"); zork = 1; org = "x"; seen'
  const surface = { includes: [], dialect: 'lsc' } as const
  const expressions = await compileExpressions([{ code, place: '', result: 'values' }], surface)
  const batch = [1, 2].map(() => ({ scope: { source, destination: null }, wanted: [0] }))
  const evaluated = await expressions.evaluate(batch)
  expect(evaluated.map(({ results }) => results)).toEqual(batch.map(() => [{ values: ['undefinedfalse'] }]))
})

test('includes see the beans of the entry', async () => {
  const includes = [
    {
      name: 'lib.js',
      code: 'var count = 0; function mail() { return srcBean.getDatasetFirstValueById("mail") }',
    },
  ]
  expect(await evaluate(['mail()'], { source }, { dialect: 'lsc', includes })).toEqual([['zoe@example']])
})
