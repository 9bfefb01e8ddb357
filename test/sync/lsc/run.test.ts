import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLsc, type OpenedLsc } from '../../../sync/lsc/open-lsc.ts'
import { openSides } from '../../../sync/run/open-sides.ts'
import type { Task } from '../../../sync/task/task.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, tenant, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const nothing = { create: 0, update: 0, rename: 0, delete: 0, disable: 0, enable: 0 }

let slapd: Slapd
let root: Connection
let engine: TestEngine
let environment: Record<string, string>

beforeAll(async () => {
  const ldif = join(tmpdir(), `lsc-${process.pid}-${Math.random()}.ldif`)
  const ous = ['rh', 'people', 'groups-rh', 'groups'].map(
    (ou) => `dn: ou=${ou},${suffix}\nobjectClass: organizationalUnit\nou: ${ou}\n`,
  )
  const top = `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`
  await writeFile(ldif, [top, ...ous].join('\n'))
  slapd = await startSlapd({ seed: { ldif }, overlays: [] })
  root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  environment = { RH_URL: slapd.url, LSC_DN: slapd.rootDn, LSC_PASSWORD: slapd.rootPassword }
  const nowhere = { config: { directories: [] }, directories: new Map() }
  engine = await startEngine((task) => openSides(nowhere, task, () => new Date()))
})
afterAll(async () => {
  root.unbind()
  await engine.close()
  await slapd.stop()
})

function open(name: string, options: { clean?: boolean; compat?: 'lsc' | null } = {}): Promise<OpenedLsc> {
  const path = join(import.meta.dirname, 'files', name)
  return openLsc(path, { environment, tenant, clean: true, compat: null, ...options })
}

/** Runs the tasks of a file as `-s all -c all` and gives what each has done. */
async function run(tasks: readonly Task[]) {
  const done = []
  for (const task of tasks) {
    const finished = await engine.run(task)
    const { state, counts, guards, failure } = finished
    const findings = await engine.findings(finished)
    const failed = (await engine.rows(finished)).flatMap(({ error }) => error ?? [])
    done.push({ task: task.name, state, failed, guards, failure, findings, ...counts.planned })
  }
  return done
}

async function put(base: string, uid: string, attributes: Record<string, string | string[]>): Promise<void> {
  const all = Object.entries({ objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, ...attributes })
  await root.add(
    `uid=${uid},${base}`,
    Object.fromEntries(all.map(([name, values]) => [name, [values].flat()])),
  )
}

async function below(base: string): Promise<Record<string, Record<string, string[]>>> {
  const { entries } = await root.searchAll({ base, scope: 'one' })
  return Object.fromEntries(
    entries.map((entry) => [
      entry.dn.split(',')[0],
      Object.fromEntries([...entry.attributes.keys()].map((name) => [name, text(entry, name).toSorted()])),
    ]),
  )
}

test('people of one directory are brought to another as LSC does it', async () => {
  const [rh, people] = [`ou=rh,${suffix}`, `ou=people,${suffix}`]
  await put(rh, 'amartin', {
    employeeNumber: '1',
    sn: 'Martin',
    givenName: 'ANNE-LISE',
    mail: ['anne@example.org', 'am@example.org'],
    postalAddress: 'not fetched',
    telephoneNumber: '01',
  })
  await put(rh, 'bdurand', { employeeNumber: '2', sn: 'Durand', telephoneNumber: '02' })
  await put(rh, 'presta', { employeeNumber: '3', employeeType: 'PRESTA' })
  await put(people, 'bob', {
    employeeNumber: '2',
    telephoneNumber: '99',
    postalAddress: 'gone',
    businessCategory: 'amis',
  })
  await put(people, 'presta', { employeeNumber: '3' })
  await put(people, 'gone', { employeeNumber: '4' })
  await put(people, 'hand', { employeeNumber: '5', description: 'manuel' })

  const { tasks, notes } = await open('users')
  expect(notes).toEqual([
    { weight: 'differs', line: 37, text: expect.stringContaining('<csvAudit> writes no file') },
    { weight: 'ignored', line: expect.any(Number), text: expect.stringContaining('the dataset title') },
  ])
  expect(await run(tasks)).toMatchObject([
    { task: 'people', state: 'done', failed: [], findings: [], create: 1, update: 1, rename: 1, delete: 1 },
  ])
  const after = await below(people)
  expect(Object.keys(after).toSorted()).toEqual(['uid=amartin', 'uid=bdurand', 'uid=hand', 'uid=presta'])
  expect(after['uid=amartin']).toEqual({
    objectclass: ['inetOrgPerson'],
    uid: ['amartin'],
    cn: ['ANNE-LISE MARTIN'],
    sn: ['Martin'],
    givenname: ['ANNE-LISE'],
    displayname: ['Anne-Lise'],
    mail: ['am@example.org', 'anne@example.org'],
    telephonenumber: ['01'],
    employeenumber: ['1'],
    description: ['créé par LSC'],
    businesscategory: ['agents', 'nouveaux'],
    userpassword: ['{SHA}NWoZK3kTsExUV00Ywo1G5jlUKKs='],
  })
  expect(after['uid=bdurand']).toEqual({
    objectclass: ['inetOrgPerson'],
    uid: ['bdurand'],
    cn: ['DURAND'],
    sn: ['Durand'],
    telephonenumber: ['99'],
    employeenumber: ['2'],
    businesscategory: ['agents', 'amis'],
  })
  expect(await run(tasks)).toMatchObject([{ state: 'done', findings: [], ...nothing }])
})
