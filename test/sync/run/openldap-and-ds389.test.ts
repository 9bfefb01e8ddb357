import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { followTask } from '../../../sync/follow/follow-task.ts'
import type { Task } from '../../../sync/task/task.ts'
import { type Ds389, startDs389 } from '../../support/ds389.ts'
import { loginOf, personDn } from '../../support/ds389-ldif.ts'
import { until } from '../../support/poll.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const people = `ou=people,${suffix}`
const copy = `ou=copy,${suffix}`
const nothing = { create: 0, update: 0, rename: 0, delete: 0, disable: 0, enable: 0 }

let ds389: Ds389
let slapd: Slapd
let theirs: Connection
let ours: Connection
let engine: TestEngine

beforeAll(async () => {
  ;[ds389, slapd] = await Promise.all([startDs389(), startSlapd({ seed: 'empty', overlays: [] })])
  theirs = await connect(asRoot(ds389))
  ours = await connect(asRoot(slapd))
  await ours.add(suffix, { objectClass: ['dcObject', 'organization'], dc: ['example'], o: ['Example'] })
  await ours.add(people, { objectClass: ['organizationalUnit'] })
  await theirs.add(copy, { objectClass: ['organizationalUnit'] })
  engine = await startEngine(async ({ name }) => {
    const [from, to, into] = name === there.name ? [slapd, ds389, copy] : [ds389, slapd, people]
    return {
      source: await open(from, people),
      destination: await open(to, into),
    }
  })
})
afterAll(async () => {
  theirs.unbind()
  ours.unbind()
  await engine.close()
  await Promise.all([ds389.stop(), slapd.stop()])
})

type Server = Pick<Slapd, 'url' | 'rootDn' | 'rootPassword'>
const asRoot = ({ url, rootDn: dn, rootPassword: password }: Server) => ({ url, bind: { dn, password } })

function open(server: Server, base: string) {
  const { url, bind } = asRoot(server)
  return openLdapSide({ pool: { urls: [url], connect: { bind } } }, { base, filter: '(objectClass=person)' })
}

const taskTo = (name: string, base: string): Task =>
  taskOf({
    name,
    pivots: ['uid'],
    entryName: `dn\`uid=\${source.uid},${base}\``,
    attributes: { objectClass: { force: '"inetOrgPerson"' }, uid: {}, cn: {}, sn: {}, mail: {} },
    clean: { action: 'delete' },
  })
const here = taskTo('here', people)
const there = taskTo('there', copy)

async function names(connection: Connection, base: string): Promise<Record<string, string>> {
  const { entries } = await connection.searchAll({ base, scope: 'one' })
  return Object.fromEntries(entries.map((entry) => [text(entry, 'uid').join(), text(entry, 'sn').join()]))
}

const become = (uid: string, sn: string | undefined): Promise<unknown> =>
  until(async () => (await names(ours, people))[uid] === sn, { within: 5_000 })

function following(): { stop: () => Promise<unknown> } {
  const controller = new AbortController()
  const end = followTask(here, engine.services, controller.signal)
  return {
    stop: () => {
      controller.abort()
      return end
    },
  }
}

const rename = (connection: Connection, dn: string, sn: string): Promise<unknown> =>
  connection.modify(dn, [{ operation: 'replace', attribute: 'sn', values: [sn] }])

test('an OpenLDAP is filled from a 389 Directory Server, and follows it', async () => {
  expect(await engine.run(here)).toMatchObject({
    state: 'done',
    counts: { failed: 0, done: { create: 120 } },
  })
  expect((await engine.run(here)).counts.planned).toEqual(nothing)

  const first = following()
  await rename(theirs, personDn(1), 'Live')
  await become(loginOf(1), 'Live')
  await theirs.modifyDn(personDn(2), { newRdn: 'uid=renamed' })
  await become('renamed', 'Person 2')
  await become(loginOf(2), undefined)
  await theirs.delete(personDn(3))
  await become(loginOf(3), undefined)
  expect(await first.stop()).toBe('stopped')

  await rename(theirs, personDn(4), 'Late')
  await theirs.delete(personDn(5))
  await theirs.modifyDn(`uid=renamed,${people}`, { newRdn: 'uid=again' })
  const second = following()
  await become(loginOf(4), 'Late')
  await become(loginOf(5), undefined)
  await become('again', 'Person 2')
  expect(await second.stop()).toBe('stopped')
  expect(Object.keys(await names(ours, people))).toHaveLength(118)
  expect((await engine.run(here)).counts.planned).toEqual(nothing)
})

test('a 389 Directory Server is filled from an OpenLDAP: created, updated, deleted, and nothing the second time', async () => {
  const filled = await engine.run(there)
  expect(filled).toMatchObject({ state: 'done', counts: { failed: 0, done: { create: 118 } } })
  expect((await engine.run(there)).counts.planned).toEqual(nothing)
  await rename(ours, `uid=again,${people}`, 'Élodie')
  await ours.delete(`uid=${loginOf(9)},${people}`)
  expect((await engine.run(there)).counts.done).toEqual({ ...nothing, update: 1, delete: 1 })
  expect(await names(theirs, copy)).toEqual(await names(ours, people))
  expect((await engine.run(there)).counts.planned).toEqual(nothing)
})
