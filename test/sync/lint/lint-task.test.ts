import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { LintFinding } from '../../../sync/lint/lint-finding.ts'
import { lintTask } from '../../../sync/lint/lint-task.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const hrBase = `ou=hr,${suffix}`
const peopleBase = `ou=people,${suffix}`
let slapd: Slapd
let root: Connection
let engine: TestEngine

const put = (base: string, uid: string, more: Record<string, string[]> = {}): Promise<unknown> =>
  root.add(`uid=${uid},${base}`, {
    objectClass: ['inetOrgPerson'],
    uid: [uid],
    cn: [uid],
    sn: [uid],
    ...more,
  })

beforeAll(async () => {
  slapd = await startSlapd({ seed: 'empty', overlays: [] })
  const bind = { dn: slapd.rootDn, password: slapd.rootPassword }
  root = await connect({ url: slapd.url, bind })
  await root.add(suffix, { objectClass: ['dcObject', 'organization'], dc: ['example'], o: ['Example'] })
  for (const base of [hrBase, peopleBase]) await root.add(base, { objectClass: ['organizationalUnit'] })
  const side = (base: string) =>
    openLdapSide(
      { pool: { urls: [slapd.url], connect: { bind } } },
      { base, filter: '(objectClass=inetOrgPerson)' },
    )
  engine = await startEngine(async () => ({
    source: await side(hrBase),
    destination: await side(peopleBase),
  }))
  await put(hrBase, 'alice', {
    employeeNumber: ['1'],
    description: ['a;b'],
    mail: ['a@example.org', 'b@example.org'],
  })
  await put(hrBase, 'bob', { employeeNumber: ['2'], manager: [`uid=nobody,${hrBase}`] })
  await put(hrBase, 'zoe')
  await put(peopleBase, 'alice', { employeeNumber: ['1'] })
})
afterAll(async () => {
  root.unbind()
  await engine.close()
  await slapd.stop()
})

const sound = {
  source: { directory: 'hr', filter: '(objectClass=inetOrgPerson)' },
  pivots: ['uid'],
  entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
  attributes: {
    objectClass: { policy: 'keep', create: '"inetOrgPerson"' },
    uid: {},
    cn: {},
    sn: {},
    employeeNumber: {},
  },
  clean: { action: 'delete' },
}

const lint = (more: object): Promise<LintFinding[]> =>
  lintTask(taskOf({ ...sound, ...more }), engine.services, new AbortController().signal)
const withAttributes = (attributes: object) => lint({ attributes: { ...sound.attributes, ...attributes } })

test('nothing is found in a task that is right, and nothing is written', async () => {
  const stamps = async (): Promise<unknown[]> => {
    const { entries } = await root.searchAll({ base: suffix, attributes: ['entryCSN'] })
    return entries.map((entry) => [entry.dn, text(entry, 'entryCSN')])
  }
  const before = await stamps()
  expect(await lint({})).toEqual([])
  expect(await stamps()).toEqual(before)
})

test.each([
  [
    'an attribute that the schema does not know',
    { favouriteColour: {} },
    { code: 'attribute-unknown', params: { attribute: 'favouriteColour' } },
  ],
  [
    'one that the server writes itself',
    { modifyTimestamp: {} },
    { code: 'attribute-not-writable', params: { attribute: 'modifyTimestamp' } },
  ],
  [
    'a name that nothing in the source has',
    { cn: { value: 'source.employeNumber' } },
    { code: 'attribute-unseen', params: { attribute: 'employenumber', near: 'employeenumber', count: 3 } },
  ],
  [
    'a delimiter that splits values',
    { description: { delimiter: ';' } },
    {
      code: 'delimiter-splits',
      params: { attribute: 'description', delimiter: ';', count: 1, subject: `uid=alice,${hrBase}` },
    },
  ],
  [
    'several values of what takes one',
    { employeeNumber: { value: '["1", "2"]' } },
    {
      code: 'single-valued',
      params: { attribute: 'employeenumber', count: 3, subject: `uid=alice,${peopleBase}` },
    },
  ],
  [
    'a rule that gives something else each time',
    { description: { value: '`${destination?.all.description[0] ?? ""}x`' } },
    {
      code: 'not-idempotent',
      params: expect.objectContaining({ attribute: 'description', count: 3, rule: expect.any(String) }),
    },
  ],
  [
    'an expression that fails',
    { cn: { value: 'source.sn.nothing.here' } },
    { code: 'expression-failed', params: expect.objectContaining({ count: 3 }) },
  ],
  [
    'a reference to what is not there',
    { manager: { references: 'people' } },
    {
      code: 'dangling',
      params: { attribute: 'manager', count: 1, subject: `uid=bob,${hrBase}` },
    },
  ],
])('finds %s', async (_, attributes, finding) => {
  expect(await withAttributes(attributes)).toContainEqual(finding)
})

test.each([
  ['entries that would have no class', { attributes: { uid: {}, cn: {}, sn: {} } }, 'class-missing'],
  [
    'a pivot that new entries would not have',
    { pivots: ['mail'], attributes: { ...sound.attributes, mail: { value: '[]' } }, entryName: undefined },
    'created-again',
  ],
  ['a pivot that no rule writes', { pivots: ['mail'] }, 'pivot-not-written'],
  ['entries without a pivot', { pivots: ['employeeNumber'] }, 'pivot-absent'],
  ['that nothing is ever removed', { clean: { action: 'none' } }, 'clean-missing'],
  [
    'a filter by which somebody who stays may leave',
    { source: { directory: 'hr', filter: '(&(objectClass=inetOrgPerson)(uid=*))' } },
    'presence-missing',
  ],
])('finds %s', async (_, more, code) => {
  expect((await lint(more)).map((finding) => finding.code)).toContain(code)
})
