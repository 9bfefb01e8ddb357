import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { type FollowEnd, followTask } from '../../../sync/follow/follow-task.ts'
import type { Task } from '../../../sync/task/task.ts'
import { until } from '../../support/poll.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const base = 'ou=people,dc=example,dc=org'
let source: Slapd
let target: Slapd
let hr: Connection
let directory: Connection
let engine: TestEngine

const poolOf = (slapd: Slapd) => ({
  urls: [slapd.url],
  connect: { bind: { dn: slapd.rootDn, password: slapd.rootPassword } },
})
const rootOf = (slapd: Slapd): Promise<Connection> =>
  connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })

beforeAll(async () => {
  ;[source, target] = await Promise.all([
    startSlapd({ seed: 'empty', overlays: ['syncprov'] }),
    startSlapd({ seed: 'empty', overlays: [] }),
  ])
  ;[hr, directory] = await Promise.all([rootOf(source), rootOf(target)])
  for (const connection of [hr, directory]) {
    await connection.add('dc=example,dc=org', {
      objectClass: ['dcObject', 'organization'],
      dc: ['example'],
      o: ['Example'],
    })
    await connection.add(base, { objectClass: ['organizationalUnit'], ou: ['people'] })
  }
  const filter = '(objectClass=inetOrgPerson)'
  engine = await startEngine(async () => ({
    source: await openLdapSide({ pool: poolOf(source) }, { role: 'source', base, filter }),
    destination: await openLdapSide({ pool: poolOf(target) }, { base, filter }),
  }))
})
afterAll(async () => {
  hr.unbind()
  directory.unbind()
  await engine.close()
  await Promise.all([source.stop(), target.stop()])
})

const task = (name: string): Task =>
  taskOf({
    name,
    pivots: ['employeeNumber'],
    entryName: `dn\`uid=\${source.uid},${base}\``,
    attributes: {
      objectClass: { policy: 'keep', create: '"inetOrgPerson"' },
      uid: {},
      cn: {},
      sn: {},
      employeeNumber: {},
      manager: { references: name },
    },
    clean: { action: 'delete' },
    guards: { deletes: 5, deleteShare: 0 },
    follow: true,
  })

const hire = (uid: string, employeeNumber: string, sn = uid): Promise<unknown> =>
  hr.add(`uid=${uid},${base}`, {
    objectClass: ['inetOrgPerson'],
    uid: [uid],
    cn: [uid],
    sn: [sn],
    employeeNumber: [employeeNumber],
  })

async function people(): Promise<Record<string, string>> {
  const { entries } = await directory.searchAll({ base, scope: 'one' })
  return Object.fromEntries(entries.map((entry) => [text(entry, 'uid').join(), text(entry, 'sn').join()]))
}

const managerOf = async (uid: string): Promise<string | undefined> => {
  const entry = await directory.read(`uid=${uid},${base}`)
  return entry && text(entry, 'manager')[0]
}

const become = async (expected: Record<string, string>): Promise<void> => {
  await until(async () => JSON.stringify(sorted(await people())) === JSON.stringify(sorted(expected)), {
    within: 5_000,
  })
}

const sorted = (record: Record<string, string>) =>
  Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))

function following(followed: Task): { end: Promise<FollowEnd>; stop: () => Promise<FollowEnd> } {
  const controller = new AbortController()
  const end = followTask(followed, engine.services, controller.signal)
  return {
    end,
    stop: () => {
      controller.abort()
      return end
    },
  }
}

test('a source that is followed: what happens there is here in less than a second, also what happened while nobody followed, until too many leave', async () => {
  const followed = task('live')
  await hire('alice', '1')
  await hire('bob', '2')
  const first = following(followed)
  await become({ alice: 'alice', bob: 'bob' })

  const began = performance.now()
  await hr.modify(`uid=alice,${base}`, [{ operation: 'replace', attribute: 'sn', values: ['Martin'] }])
  await become({ alice: 'Martin', bob: 'bob' })
  expect(performance.now() - began).toBeLessThan(1_000)

  await hr.modifyDn(`uid=bob,${base}`, { newRdn: 'uid=robert' })
  await become({ alice: 'Martin', robert: 'bob' })
  await hire('carl', '3')
  await hr.delete(`uid=robert,${base}`)
  await become({ alice: 'Martin', carl: 'carl' })

  // Somebody asks for a whole run: whoever follows does it.
  await directory.modify(`uid=alice,${base}`, [
    { operation: 'replace', attribute: 'sn', values: ['Drifted'] },
  ])
  const asked = {
    tenant: 'acme',
    task: 'live',
    kind: 'full',
    preview: false,
    requestedBy: 'test',
    only: null,
    undoes: null,
  } as const
  await engine.services.runs.request(asked, new Date())
  await become({ alice: 'Martin', carl: 'carl' })
  // The same for a preview, and for the plan of one that somebody approves.
  await directory.modify(`uid=alice,${base}`, [
    { operation: 'replace', attribute: 'sn', values: ['Drifted'] },
  ])
  const { id } = await engine.services.runs.request({ ...asked, preview: true }, new Date())
  await until(async () => (await engine.services.runs.read('acme', id))?.state === 'planned', {
    within: 5_000,
  })
  expect(await engine.services.runs.approve('acme', id, 'test', new Date())).toBe(true)
  await become({ alice: 'Martin', carl: 'carl' })
  // A manager who comes after those who have one.
  await hire('abel', '8')
  await hr.modify(`uid=abel,${base}`, [
    { operation: 'add', attribute: 'manager', values: [`uid=zora,${base}`] },
  ])
  await become({ alice: 'Martin', carl: 'carl', abel: 'abel' })
  await hire('zora', '9')
  await until(async () => (await managerOf('abel')) === `uid=zora,${base}`, { within: 10_000 })
  await hr.delete(`uid=abel,${base}`)
  await hr.delete(`uid=zora,${base}`)
  await become({ alice: 'Martin', carl: 'carl' })
  expect(await first.stop()).toBe('stopped')

  await hr.modify(`uid=carl,${base}`, [{ operation: 'replace', attribute: 'employeeNumber', values: ['33'] }])
  await hire('dora', '4')
  await hr.delete(`uid=alice,${base}`)
  const second = following(followed)
  await become({ carl: 'carl', dora: 'dora' })
  await second.stop()

  for (const [index, uid] of ['e', 'f', 'g', 'h', 'i', 'j', 'k'].entries()) await hire(uid, `1${index}`)
  const third = following(followed)
  await until(async () => Object.keys(await people()).length === 9, { within: 5_000 })
  for (const uid of ['e', 'f', 'g', 'h', 'i', 'j', 'k']) await hr.delete(`uid=${uid},${base}`)
  expect(await third.end).toBe('held')
  const [held] = await engine.services.runs.list({
    tenant: 'acme',
    task: 'live',
    kind: 'incremental',
    limit: 1,
  })
  expect(held).toMatchObject({ state: 'held', guards: [{ guard: 'deletes', limit: 5 }] })
  expect(Object.keys(await people()).length).toBeGreaterThanOrEqual(4)
})
