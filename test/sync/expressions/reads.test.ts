import { afterAll, beforeAll, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import { connect } from '../../../src/ldap/connection.ts'
import { openScriptDirectory } from '../../../sync/connectors/ldap/script-directory.ts'
import { compileExpressions } from '../../../sync/expressions/compile.ts'
import type { ScriptDirectory } from '../../../sync/expressions/expressions.ts'
import { withoutCounting } from '../../../sync/expressions/without-counting.ts'
import type { Values } from '../../../sync/record.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { evaluate, expression, plain, record } from './evaluate.ts'

const suffix = 'dc=example,dc=org'
let slapd: Slapd
let directory: ScriptDirectory & { close(): Promise<void> }

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 3 }, overlays: [] })
  const root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  await root.add(`ou=scripts,${suffix}`, { objectClass: ['organizationalUnit'], ou: ['scripts'] })
  for (const [uid, title] of Object.entries({ ann: 'Chef', bob: 'Élève', zoé: 'Chef' }))
    await root.add(`uid=${uid},ou=scripts,${suffix}`, {
      objectClass: ['inetOrgPerson'],
      cn: [uid],
      sn: [uid],
      uid: [uid],
      title: [title],
      mail: ['a', 'b'].map((host) => `${uid.replace('é', 'e')}@${host}.example`),
      userPassword: ['secret'],
    })
  await root.add(`cn=numbers,ou=scripts,${suffix}`, {
    objectClass: ['device'],
    cn: ['numbers'],
    serialNumber: ['41'],
  })
  root.unbind()
  const bind = { dn: slapd.rootDn, password: slapd.rootPassword }
  const connection = syncConnectionSchema.parse({ kind: 'ldap', name: 'd', urls: [slapd.url], bind })
  if (connection.kind !== 'ldap') throw new Error('no directory')
  directory = await openScriptDirectory(connection, suffix)
})
afterAll(async () => {
  await directory.close()
  await slapd.stop()
})

const read = (codes: readonly string[]): Promise<readonly (Values | string)[]> =>
  evaluate(codes, {}, { dialect: 'lsc', reads: { source: directory, destination: directory } })

test('scripts find entries while they run, by names relative to the context as LSC has them', async () => {
  const codes: Record<string, Values | string> = {
    'ldap.search("ou=scripts", "(title=Chef)")': ['uid=ann,ou=scripts', 'uid=zoé,ou=scripts'],
    'ldap.list("", "ou=scripts")': ['ou=scripts'],
    'ldap.read("uid=bob,ou=scripts", "(title=Chef)").size()': ['0'],
    'srcLdap.attribute("uid=bob,ou=scripts,dc=example,dc=org", "mail")': ['bob@a.example', 'bob@b.example'],
    'srcLdap.attribute("uid=nobody,ou=scripts", "mail") === null': ['true'],
    'ldap.attribute(ldap.search("ou=scripts", ["uid=ann", "uid=bob"]), "title")': ['Chef', 'Élève'],
    'ldap.searchAttribute("ou=scripts", "(uid=bob)", "title").get(0)': ['Élève'],
    'ldap.exists("uid=bob,ou=scripts").isEmpty() + "" + ldap.exists("uid=x,ou=scripts").isEmpty()': [
      'falsetrue',
    ],
    'ldap.or(ldap.search("ou=scripts", "uid=ann"), ldap.search("ou=scripts", "uid=bob"))': [
      'uid=ann,ou=scripts',
      'uid=bob,ou=scripts',
    ],
    'ldap.retain(ldap.search("ou=scripts", "uid=*"), "uid=ann,ou=scripts").size()': ['2'],
    'ldap.sup("uid=ann,ou=scripts", 1)': ['ou=scripts'],
    'ldap.fsup("uid=ann,ou=scripts", "(ou=*)")': ['ou=scripts'],
    'ldap.getContextDn()': [suffix],
    'ldap.search("ou=none", "(uid=*)").size()': ['0'],
    'ldap.search("ou=scripts", "((")': expect.stringContaining('Error'),
    'try { ldap.search("ou=scripts", "((") } catch (e) { "went on" }': ['went on'],
    'ldap.getJndiServices().apply({})': expect.stringContaining('cannot write into a directory'),
  }
  const given = await read(Object.keys(codes))
  expect(Object.fromEntries(Object.keys(codes).map((code, index) => [code, given[index]]))).toEqual(codes)
})

test('passwords are proved and sequences counted', async () => {
  const ann = `uid=ann,ou=scripts,${suffix}`
  const url = `${slapd.url}/ou=scripts,${suffix}??sub?(uid=ann)`
  expect(
    await read([
      `LDAP.canBind("${slapd.url}", "${ann}", "secret")`,
      `LDAP.canBind("${slapd.url}", "${ann}", "wrong") || LDAP.canBind("${slapd.url}", "${ann}", "")`,
      `LDAP.canBindSearchRebind("${url}", "secret")`,
      'SequencesFactory.getInstance(ldap.getJndiServices()).getNextValue("cn=numbers,ou=scripts", "serialNumber")',
      'SequencesFactory.getInstance(ldap.getJndiServices()).getNextValue("cn=numbers,ou=scripts", "serialNumber")',
      'SequencesFactory.getInstance(ldap.getJndiServices()).getNextValue("cn=none,ou=scripts", "serialNumber")',
    ]),
  ).toEqual([['true'], ['false'], ['true'], ['42'], ['43'], ['-1']])
})

test('a script that never ends fails its entry, and those after it go on reading', async () => {
  const codes = [
    'if (srcBean.getDN() === "uid=b") while (true);',
    'ldap.attribute(srcBean.getDN() + ",ou=scripts", "title")',
  ]
  const reads = { destination: directory }
  const surface = {
    includes: [{ name: 'lib.js', code: 'var chiefs = ldap.search("ou=scripts", "title=Chef").size()' }],
    dialect: 'lsc' as const,
    reads,
    limits: { milliseconds: 100, bytes: 64 * 1024 * 1024 },
  }
  const expressions = await compileExpressions(
    [...codes, 'chiefs'].map((code) => expression(code)),
    surface,
  )
  const results = await expressions.evaluate(
    ['uid=ann', 'uid=b', 'uid=bob'].map((name) => ({
      scope: { source: record(name, {}), destination: null },
      wanted: [0, 1, 2],
    })),
  )
  expect(results.map((entry) => entry.results.map(plain))).toEqual([
    [[], ['Chef'], ['2']],
    ['took longer than 100 ms', [], ['2']],
    [[], ['Élève'], ['2']],
  ])
})

test('a search that repeats itself is asked once', async () => {
  let searches = 0
  const counting: ScriptDirectory = {
    ...directory,
    search(...asked) {
      searches += 1
      return directory.search(...asked)
    },
  }
  const code = 'ldap.attribute("uid=bob,ou=scripts", "title")'
  await evaluate([code, code, code], {}, { dialect: 'lsc', reads: { destination: counting } })
  expect(searches).toBe(1)
})

test('a plan that is only looked at takes nothing out of a sequence', async () => {
  const code =
    'SequencesFactory.getInstance(ldap.getJndiServices()).getNextValue("cn=numbers,ou=scripts", "serialNumber")'
  const reads = withoutCounting({ destination: directory })
  const now = async (): Promise<unknown> =>
    (
      await directory.search(`cn=numbers,ou=scripts,${suffix}`, 'base', '(cn=*)', ['serialNumber'])
    )[0]?.values('serialNumber')[0]
  const before = Number(await now())
  expect(await evaluate([code, code], {}, { dialect: 'lsc', reads })).toEqual([
    [String(before + 1)],
    [String(before + 2)],
  ])
  expect(Number(await now())).toBe(before)
})
