import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { filter } from '../../../src/ldap/filter.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { recheck } from '../../../sync/apply/recheck.ts'
import type { Destination } from '../../../sync/connectors/connector.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Task } from '../../../sync/task/task.ts'
import { type SambaAd, startSambaAd } from '../../support/samba-ad.ts'
import { baseDn } from '../../support/samba-ad-ldif.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const people = `ou=people,${suffix}`
const groups = `ou=groups,${suffix}`
const domainUnit = `OU=synced,${baseDn}`

let slapd: Slapd
let ad: SambaAd
let hr: Connection
let domain: Connection
let engine: TestEngine

beforeAll(async () => {
  const ldif = join(tmpdir(), `to-ad-${process.pid}-${Math.random()}.ldif`)
  await writeFile(ldif, seed.join('\n'))
  ;[slapd, ad] = await Promise.all([startSlapd({ seed: { ldif }, overlays: [] }), startSambaAd()])
  hr = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  domain = await connect({ url: ad.ldapsUrl, tls: { ca: ad.ca }, bind: administrator() })
  for (const dn of [domainUnit, `OU=people,${domainUnit}`, `OU=groups,${domainUnit}`])
    await domain.add(dn, { objectClass: ['organizationalUnit'] })
  const tasks = [users, teams]
  engine = await startEngine(
    async (task) => {
      const isUsers = task.name === users.name
      const [from, to, which] = isUsers
        ? [people, `OU=people,${domainUnit}`, '(&(objectCategory=person)(objectClass=user))']
        : [groups, `OU=groups,${domainUnit}`, '(objectClass=group)']
      return { source: await openSource(from), destination: await openTarget(to, which), accountKind }
    },
    { tasks },
  )
})
afterAll(async () => {
  hr.unbind()
  domain.unbind()
  await engine.close()
  await Promise.all([slapd.stop(), ad.stop()])
})

const accountKind = 'active-directory'
const administrator = () => ({ dn: String(ad.admin.dn), password: String(ad.admin.password) })

function openSource(base: string): Promise<Destination> {
  const pool = { urls: [slapd.url], connect: { bind: { dn: slapd.rootDn, password: slapd.rootPassword } } }
  return openLdapSide({ pool }, { role: 'source', base, scope: 'one' })
}

function openTarget(base: string, which: string): Promise<Destination> {
  const pool = { urls: [ad.ldapsUrl], connect: { bind: administrator(), tls: { ca: ad.ca } } }
  return openLdapSide({ pool }, { base, filter: which })
}

const person = (uid: string, number: string, givenName: string, sn: string): string =>
  `dn: uid=${uid},${people}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${givenName} ${sn}\nsn: ${sn}\ngivenName: ${givenName}\nemployeeNumber: ${number}\nmail: ${uid}@example.org\n`
const seed = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`,
  ...['people', 'groups'].map((ou) => `dn: ou=${ou},${suffix}\nobjectClass: organizationalUnit\n`),
  person('emartin', '7001', 'Elodie', 'Martin'),
  person('jdupont', '7002', 'Jean', 'Dupont'),
  person('zroy', '7003', 'Zoe', 'Roy'),
  `dn: cn=team,${groups}\nobjectClass: groupOfNames\ncn: team\nmember: uid=emartin,${people}\nmember: uid=jdupont,${people}\n`,
  // Names a group that comes after it.
  `dn: cn=all,${groups}\nobjectClass: groupOfNames\ncn: all\nmember: cn=team,${groups}\nmember: uid=zroy,${people}\n`,
]

const users = taskOf({
  name: 'users',
  pivots: [{ source: 'employeeNumber', destination: 'employeeID' }],
  entryName: `dn\`CN=\${source.cn},OU=people,${domainUnit}\``,
  attributes: {
    objectClass: { force: '"user"' },
    sAMAccountName: { from: 'uid' },
    userPrincipalName: { value: '`${source.uid}@lab.example`' },
    employeeID: { from: 'employeeNumber' },
    displayName: { value: '`${source.givenName} ${source.sn.toUpperCase()}`' },
    sn: {},
    givenName: {},
    mail: {},
    unicodePwd: { create: 'AD.getUnicodePwd(`Welcome-${source.employeeNumber}`)' },
    userAccountControl: {
      value: 'AD.userAccountControlSet(512, source.title ? AD.UAC_SET_DONT_EXPIRE_PASSWORD : 0)',
    },
  },
  clean: { action: 'delete' },
  guards: { shrink: 1 },
})

const teams = taskOf({
  name: 'teams',
  pivots: [{ source: 'cn', destination: 'sAMAccountName' }],
  entryName: `dn\`CN=\${source.cn},OU=groups,${domainUnit}\``,
  attributes: {
    objectClass: { force: '"group"' },
    sAMAccountName: { from: 'cn' },
    groupType: { force: '"-2147483646"' },
    member: { references: ['users', 'teams'] },
  },
  clean: { action: 'delete' },
})

const nothing = { create: 0, update: 0, rename: 0, delete: 0, disable: 0, enable: 0 }

async function run(task: Task): Promise<Run> {
  const done = await engine.run(task)
  const failures = (await engine.rows(done)).filter(({ error }) => error !== null)
  expect(failures.map(({ name, error }) => [name, error])).toEqual([])
  expect(done.state).toBe('done')
  return done
}

async function inDomain(name: string, ...attributes: string[]): Promise<Record<string, string[]>> {
  const { entries } = await domain.searchAll({
    base: domainUnit,
    filter: filter`(sAMAccountName=${name})`,
    attributes,
  })
  const [entry] = entries
  if (entry === undefined) return {}
  return {
    dn: [entry.dn],
    ...Object.fromEntries(attributes.map((one) => [one, text(entry, one).toSorted()])),
  }
}

const userDn = (cn: string): string => `CN=${cn},OU=people,${domainUnit}`
const groupDn = (cn: string): string => `CN=${cn},OU=groups,${domainUnit}`

async function signIn(login: string, password: string): Promise<void> {
  const bind = { dn: `${login}@lab.example`, password }
  const connection = await connect({ url: ad.ldapsUrl, tls: { ca: ad.ca }, bind })
  connection.unbind()
}

test('users get an account with which they can sign in, and a second run writes nothing', async () => {
  const first = await run(users)
  expect(first.counts).toMatchObject({ failed: 0, done: { create: 3 } })
  expect(await inDomain('emartin', 'displayName', 'userAccountControl', 'objectClass', 'mail')).toEqual({
    dn: [userDn('Elodie Martin')],
    displayName: ['Elodie MARTIN'],
    userAccountControl: ['512'],
    objectClass: ['organizationalPerson', 'person', 'top', 'user'],
    mail: ['emartin@example.org'],
  })
  await signIn('emartin', 'Welcome-7001')
  await expect(signIn('emartin', 'Welcome-7002')).rejects.toThrow(/invalid ?credentials|49/i)
  expect(JSON.stringify(await engine.rows(first))).not.toMatch(/Welcome|VwBlAGwAYwBvAG0AZQ/)
  expect((await run(users)).counts.planned).toEqual(nothing)
})

test('groups get their members as the domain calls them, also groups that are new with them', async () => {
  expect((await run(teams)).counts).toMatchObject({ failed: 0, done: { create: 2, update: 2 } })
  expect(await inDomain('team', 'member')).toEqual({
    dn: [groupDn('team')],
    member: [userDn('Elodie Martin'), userDn('Jean Dupont')],
  })
  expect(await inDomain('all', 'member')).toEqual({
    dn: [groupDn('all')],
    member: [userDn('Zoe Roy'), groupDn('team')],
  })
  expect((await run(teams)).counts.planned).toEqual(nothing)
})

test('a person who is called otherwise is renamed and updated in one run, in their groups too', async () => {
  const dn = `uid=emartin,${people}`
  await hr.modify(dn, [
    { operation: 'replace', attribute: 'sn', values: ['Durand'] },
    { operation: 'replace', attribute: 'cn', values: ['Elodie Durand'] },
    { operation: 'replace', attribute: 'title', values: ['Directrice'] },
  ])
  await hr.modifyDn(dn, { newRdn: 'uid=edurand' })
  // No overlay keeps references here.
  await hr.modify(`cn=team,${groups}`, [
    { operation: 'replace', attribute: 'member', values: [`uid=edurand,${people}`, `uid=zroy,${people}`] },
  ])
  expect((await run(users)).counts).toMatchObject({ done: { create: 0, rename: 1, update: 1 } })
  expect(await inDomain('edurand', 'sn', 'displayName', 'userPrincipalName', 'userAccountControl')).toEqual({
    dn: [userDn('Elodie Durand')],
    sn: ['Durand'],
    displayName: ['Elodie DURAND'],
    userPrincipalName: ['edurand@lab.example'],
    userAccountControl: [String(512 + 65_536)],
  })
  await signIn('edurand', 'Welcome-7001')
  expect((await run(teams)).counts.done).toEqual({ ...nothing, update: 1 })
  expect(await inDomain('team', 'member')).toMatchObject({
    member: [userDn('Elodie Durand'), userDn('Zoe Roy')],
  })
  for (const task of [users, teams]) expect((await run(task)).counts.planned).toEqual(nothing)
})

test('an account that the service desk has disabled stays so, and who is gone is deleted', async () => {
  await domain.modify(userDn('Zoe Roy'), [
    { operation: 'replace', attribute: 'userAccountControl', values: ['514'] },
  ])
  await hr.delete(`uid=jdupont,${people}`)
  const done = await run(users)
  expect(done.counts).toMatchObject({ done: { ...nothing, delete: 1 }, findings: { kept: 1 } })
  expect(await inDomain('zroy', 'userAccountControl')).toMatchObject({ userAccountControl: ['514'] })
  expect(await inDomain('jdupont', 'sn')).toEqual({})
})

test('after a crash an account that was created is known for it, although nobody is shown its password', async () => {
  const target = await openTarget(`OU=people,${domainUnit}`, '(objectClass=user)')
  try {
    const name = userDn('Nina Petit')
    const attributes = new Map([
      ['objectClass', ['user']],
      ['sAMAccountName', ['npetit']],
      ['unicodePwd', ['Welcome-7009']],
      ['userAccountControl', ['512']],
    ])
    const create = { kind: 'create', name, attributes } as const
    const earlier = { change: create, before: new Map(), destinationId: null }
    expect(await recheck([earlier], target)).toEqual(['planned'])
    await target.apply(create)
    expect(await recheck([earlier], target)).toEqual(['done'])
  } finally {
    await target.close()
  }
})
