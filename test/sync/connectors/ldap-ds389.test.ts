import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Destination, FeedEvent } from '../../../sync/connectors/connector.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { type Ds389, startDs389 } from '../../support/ds389.ts'
import { loginOf, personDn } from '../../support/ds389-ldif.ts'
import { ldapmodify } from '../../support/ldap-tools.ts'
import { type Follower, follow, seen, uidOf } from './follower.ts'

/** Milliseconds: it is asked every 400, and this machine does other things too. */
const SOON = 3_000
let server: Ds389
let side: Destination
let follower: Follower | undefined
const base = 'ou=people,dc=example,dc=org'
const wanted = { attributes: ['uid', 'sn'] }

beforeAll(async () => {
  server = await startDs389()
  side = await open({ dn: server.appDn, password: server.appPassword })
})
afterAll(async () => {
  await follower?.stop()
  await side.close()
  await server.stop()
})

async function open(bind: { dn: string; password: string }): Promise<Destination> {
  const pool = { urls: [server.url], connect: { bind } }
  return await openLdapSide({ pool }, { base, filter: '(objectClass=inetOrgPerson)' })
}

async function readOnce(token: string | null): Promise<{ events: FeedEvent[]; token: string }> {
  if (side.feed === undefined) throw new Error('no feed')
  const events = await Array.fromAsync(side.feed.changes(token, wanted, { follow: false }))
  const last = events.at(-1)
  if (last?.type !== 'token') throw new Error(`ends with ${last?.type}`)
  return { events, token: last.token }
}

const change = (...ldif: string[]): Promise<void> =>
  ldapmodify({ url: server.url, dn: server.rootDn, password: server.rootPassword }, ldif.join(''))
const person = (uid: string): string =>
  `dn: uid=${uid},${base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: NEW\n\n`
const retitled = (index: number, sn: string): string =>
  `dn: ${personDn(index)}\nchangetype: modify\nreplace: sn\nsn: ${sn}\n\n`
const renamed = (index: number, to: string): string =>
  `dn: ${personDn(index)}\nchangetype: modrdn\nnewrdn: uid=${to}\ndeleteoldrdn: 1\n\n`
const deleted = (index: number): string => `dn: ${personDn(index)}\nchangetype: delete\n\n`
const moved = (index: number): string =>
  `dn: ${personDn(index)}\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 0\nnewsuperior: ou=services,dc=example,dc=org\n\n`

test('a 389 Directory Server tells everything first, then what was added, changed, renamed, moved away and deleted meanwhile', async () => {
  const before = await readOnce(null)
  const idOf = new Map(seen(before.events).records.map((record) => [uidOf(record), record.id]))
  expect(idOf.size).toBe(120)
  expect(idOf.get(loginOf(1))).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/)
  const nothing = await readOnce(before.token)
  expect(seen(nothing.events, [...idOf.values()]).gone).toEqual([])
  await change(person('away'), retitled(1, 'AWAY'), renamed(2, 'renamed'), moved(3), deleted(4))
  const after = seen((await readOnce(nothing.token)).events, [...idOf.values()])
  expect(after.changed).toEqual(expect.arrayContaining(['away', loginOf(1), 'renamed']))
  const gone = [idOf.get(loginOf(3)) ?? '', idOf.get(loginOf(4)) ?? '']
  expect(after.gone.toSorted()).toEqual(gone.toSorted())
  expect(after.records.find((record) => uidOf(record) === 'renamed')?.id).toBe(idOf.get(loginOf(2)))
})

test('what has not changed for a while is not told again', async () => {
  const { token } = await readOnce(null)
  const later = token.replace(/\d{14}/, (time) => String(BigInt(time) + 10_000_000_000n))
  const { events } = await readOnce(later)
  expect(seen(events).changed).toEqual([])
  expect(events.filter(({ type }) => type === 'unchanged').length).toBeGreaterThan(100)
})

test('it tells soon while somebody follows, also after the server was killed', async () => {
  const { events, token } = await readOnce(null)
  const ids = seen(events).records
  const idOf = (index: number): string => ids.find((record) => uidOf(record) === loginOf(index))?.id ?? ''
  follower = follow(side, token, wanted)
  await follower.until({ type: 'token' })
  await follower.until({ type: 'token' })
  await change(person('live'))
  await follower.until({ type: 'changed', uid: 'live' }, SOON)
  await change(retitled(5, 'LIVE'))
  await follower.until({ type: 'changed', uid: loginOf(5) }, SOON)
  await change(deleted(6))
  await follower.until({ type: 'deleted', id: idOf(6) }, SOON)

  await server.kill()
  await server.restart()
  await change(person('late'), deleted(7))
  await follower.until({ type: 'changed', uid: 'late' })
  await follower.untilGone(
    idOf(7),
    ids.map(({ id }) => id),
  )
  await follower.until({ type: 'token' })
  await change(retitled(5, 'AGAIN'))
  await follower.until({ type: 'changed', uid: loginOf(5) }, SOON)
  expect(follower.token).toMatch(/^persistent:\d{14}Z$/)
})

test('it is written: created with a password, changed, renamed and deleted with what is below', async () => {
  const root = await open({ dn: server.rootDn, password: server.rootPassword })
  try {
    const name = `uid=neo,${base}`
    const attributes = { objectClass: ['inetOrgPerson'], cn: ['Neo'], sn: ['Neo'] }
    await root.apply({ kind: 'create', name, attributes: new Map(Object.entries(attributes)) })
    await root.apply({
      kind: 'update',
      name,
      modifications: [{ operation: 'replace', attribute: 'sn', values: ['Ÿ'] }],
    })
    await root.apply({ kind: 'rename', name, to: `uid=trinity,${base}` })
    const [record] = await root.rereadNamed([`uid=trinity,${base}`], ['sn', 'uid'])
    expect(record?.values('sn')).toEqual(['Ÿ'])
    await root.apply({ kind: 'delete', name: `uid=trinity,${base}`, subtree: true })
    await expect(root.apply({ kind: 'delete', name, subtree: false })).rejects.toMatchObject({ kind: 'gone' })
  } finally {
    await root.close()
  }
})
