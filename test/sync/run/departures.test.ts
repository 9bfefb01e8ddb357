import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Task } from '../../../sync/task/task.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const hrBase = `ou=hr,${suffix}`
const peopleBase = `ou=people,${suffix}`
const archive = `ou=archive,${suffix}`
const DAY = 86_400_000
let now = new Date('2026-03-01T02:15:00Z')
let slapd: Slapd
let root: Connection
let engine: TestEngine

beforeAll(async () => {
  slapd = await startSlapd({ seed: 'empty', overlays: [] })
  const options = { url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } }
  root = await connect(options)
  await root.add(suffix, { objectClass: ['dcObject', 'organization'], dc: ['example'], o: ['Example'] })
  for (const base of [hrBase, peopleBase, archive])
    await root.add(base, { objectClass: ['organizationalUnit'] })
  const side = (base: string) =>
    openLdapSide(
      { pool: { urls: [slapd.url], connect: options } },
      { base, filter: '(objectClass=inetOrgPerson)' },
    )
  engine = await startEngine(
    async () => ({ source: await side(hrBase), destination: await side(peopleBase) }),
    { clock: () => now },
  )
})
afterAll(async () => {
  root.unbind()
  await engine.close()
  await slapd.stop()
})

const hire = (uid: string): Promise<unknown> =>
  root.add(`uid=${uid},${hrBase}`, { objectClass: ['inetOrgPerson'], uid: [uid], cn: [uid], sn: [uid] })

const namesBelow = async (base: string): Promise<string[]> => {
  const { entries } = await root.searchAll({ base, scope: 'one', attributes: ['1.1'] })
  return entries.map(({ dn }) => dn.split(',')[0] ?? '').toSorted()
}

const task: Task = taskOf({
  pivots: ['uid'],
  entryName: `dn\`uid=\${source.uid},${peopleBase}\``,
  attributes: { objectClass: { policy: 'keep', create: '"inetOrgPerson"' }, uid: {}, cn: {}, sn: {} },
  clean: { action: 'move', to: archive, deleteAfterDays: 30 },
  guards: { shrink: 1 },
})

test('who leaves is moved out of sight, moved back on return, and deleted once gone for long enough', async () => {
  await hire('alice')
  await hire('bob')
  await engine.run(task)
  await root.delete(`uid=alice,${hrBase}`)
  await engine.run(task)
  expect([await namesBelow(peopleBase), await namesBelow(archive)]).toEqual([['uid=bob'], ['uid=alice']])

  now = new Date(now.getTime() + 20 * DAY)
  await hire('alice')
  await root.delete(`uid=bob,${hrBase}`)
  await engine.run(task)
  expect([await namesBelow(peopleBase), await namesBelow(archive)]).toEqual([['uid=alice'], ['uid=bob']])

  now = new Date(now.getTime() + 29 * DAY)
  const early = await engine.run(task)
  expect(early.counts.planned).toMatchObject({ rename: 0, delete: 0 })

  now = new Date(now.getTime() + 2 * DAY)
  const due = await engine.run(task)
  expect(due.counts.done).toMatchObject({ create: 0, rename: 0, delete: 1 })
  expect([await namesBelow(peopleBase), await namesBelow(archive)]).toEqual([['uid=alice'], []])
})
