import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../src/ldap/connection.ts'
import type { Destination, FeedEvent } from '../../../sync/connectors/connector.ts'
import { describeSide } from '../../../sync/connectors/ldap/describe-side.ts'
import { openUsnLog } from '../../../sync/connectors/ldap/feed/usn-log.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Change } from '../../../sync/plan/change.ts'
import type { SyncRecord } from '../../../sync/record.ts'
import { ldapmodify } from '../../support/ldap-tools.ts'
import { type SambaAd, startSambaAd } from '../../support/samba-ad.ts'
import { baseDn, bigGroupSize, groupDn, personDn } from '../../support/samba-ad-ldif.ts'
import { type Follower, follow, seen, uidOf } from './follower.ts'

/** Milliseconds: it is asked every 400, and this machine does other things too. */
const SOON = 3_000
let ad: SambaAd
const sides: Destination[] = []
const filter = '(|(objectClass=user)(objectClass=group))'
const wanted = { attributes: ['cn', 'sn', 'member'] }

beforeAll(async () => {
  ad = await startSambaAd()
})
afterAll(async () => {
  await Promise.all(sides.map((side) => side.close()))
  await ad.stop()
})

const administrator = () => ({ dn: String(ad.admin.dn), password: String(ad.admin.password) })
const ordinary = () => ({ dn: ad.appDn, password: ad.appPassword })

async function open(bind = administrator(), base = baseDn, which = filter): Promise<Destination> {
  const pool = { urls: [ad.ldapsUrl], connect: { bind, tls: { ca: ad.ca } } }
  const side = await openLdapSide({ pool }, { base, filter: which })
  sides.push(side)
  return side
}

async function readOnce(
  side: Destination,
  token: string | null,
): Promise<{ events: FeedEvent[]; token: string }> {
  if (side.feed === undefined) throw new Error('no feed')
  const events = await Array.fromAsync(side.feed.changes(token, wanted, { follow: false }))
  const last = events.at(-1)
  if (last?.type !== 'token') throw new Error(`ends with ${last?.type}`)
  return { events, token: last.token }
}

function only(records: readonly SyncRecord[]): SyncRecord {
  const [record, ...others] = records
  if (record === undefined || others.length > 0) throw new Error(`${records.length} records`)
  return record
}

describe('a domain is read', () => {
  test('without the references to other naming contexts that are always below it', async () => {
    const side = await open()
    const records = await Array.fromAsync(side.read({ attributes: ['cn'] }))
    expect(records.length).toBeGreaterThan(1_700)
    expect(records.every(({ id }) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toBe(true)
  })

  test('with all members of a group of which the server gives only the first', async () => {
    const side = await open(administrator(), baseDn, '(objectClass=group)')
    const records = await Array.fromAsync(side.read({ attributes: ['member'] }))
    const big = only(records.filter(({ name }) => name === groupDn('big')))
    expect(new Set(big.values('member')).size).toBe(bigGroupSize)
    expect(big.names()).toEqual(['member'])
    const again = only(await side.rereadNamed([groupDn('big')], 'all'))
    expect(again.values('member')).toHaveLength(bigGroupSize)
  })
})

test('values are told apart as Active Directory does, whose schema names no rules', async () => {
  const { key, ...asks } = (await open()).comparison
  const same = (attribute: string, ...values: string[]): boolean =>
    new Set(values.map((value) => key(attribute, value))).size === 1
  expect(same('displayName', 'Élodie', 'ÉLODIE')).toBe(true)
  expect(same('mail', 'a@b.c', 'A@B.C')).toBe(true)
  expect(same('member', `CN=A,OU=People,${baseDn}`, `cn=a, ou=people,${baseDn.toLowerCase()}`)).toBe(true)
  expect(['member', 'manager', 'memberOf', 'objectCategory'].filter(asks.isReference)).toEqual([
    'member',
    'manager',
  ])
  expect(['mail', 'memberOf', 'objectGUID', 'name', 'whenChanged'].filter(asks.isWritable)).toEqual(['mail'])
})

test('a user is created with a password and a state, put in a group twice, and deleted with what is below', async () => {
  const side = await open()
  const name = `CN=neo,OU=people,${baseDn}`
  const attributes = {
    objectClass: ['user'],
    sAMAccountName: ['neo'],
    unicodePwd: ['Passw0rd-of-neo'],
    userAccountControl: ['512'],
  }
  await side.apply({ kind: 'create', name, attributes: new Map(Object.entries(attributes)) })
  const join: Change = {
    kind: 'update',
    name: groupDn('inner'),
    modifications: [{ operation: 'add', attribute: 'member', values: [name] }],
  }
  await side.apply(join)
  // Samba refuses what it has, as Windows does without the permissive modify control.
  await expect(side.apply(join)).rejects.toMatchObject({ kind: 'values-exist' })
  const { connection } = await signIn('neo@lab.example', 'Passw0rd-of-neo')
  connection.unbind()

  const branch = `OU=branch,${baseDn}`
  for (const unit of [branch, `OU=inner,${branch}`])
    await side.apply({
      kind: 'create',
      name: unit,
      attributes: new Map([['objectClass', ['organizationalUnit']]]),
    })
  await side.apply({ kind: 'rename', name, to: `CN=thé\\, neo,OU=inner,${branch}` })
  await side.apply({ kind: 'delete', name: branch, subtree: true })
  expect(await side.rereadNamed([branch], 'all')).toEqual([])
})

async function signIn(dn: string, password: string) {
  return { connection: await connect({ url: ad.ldapsUrl, tls: { ca: ad.ca }, bind: { dn, password } }) }
}

const user = (cn: string): string =>
  `dn: CN=${cn},OU=people,${baseDn}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${cn}\n\n`
const changed = (dn: string, sn: string): string =>
  `dn: ${dn}\nchangetype: modify\nreplace: sn\nsn: ${sn}\n-\n\n`
const renamed = (dn: string, cn: string): string =>
  `dn: ${dn}\nchangetype: modrdn\nnewrdn: CN=${cn}\ndeleteoldrdn: 1\n\n`
const moved = (dn: string, cn: string): string =>
  `dn: ${dn}\nchangetype: modrdn\nnewrdn: CN=${cn}\ndeleteoldrdn: 1\nnewsuperior: OU=services,${baseDn}\n\n`
const removed = (dn: string): string => `dn: ${dn}\nchangetype: delete\n\n`

describe.each([
  ['by replication', administrator, 20],
  ['by the numbers of its controller, without a right to see what was deleted', ordinary, 40],
] as const)('a domain tells what changes %s:', (_, bind, first) => {
  const people = `OU=people,${baseDn}`
  let side: Destination
  let follower: Follower | undefined
  const change = (...ldif: string[]): Promise<void> => ldapmodify(ad.admin, ldif.join(''))
  const dnAt = (index: number): string => personDn(first + index)

  beforeAll(async () => {
    side = await open(bind(), people, '(objectClass=user)')
  })
  afterAll(() => follower?.stop())

  test('everything first, then what was added, changed, renamed, moved away and deleted meanwhile', async () => {
    const before = await readOnce(side, null)
    expect(seen(before.events).changed.length).toBeGreaterThan(100)
    const nothing = await readOnce(side, before.token)
    expect(
      seen(
        nothing.events,
        seen(before.events).records.map(({ id }) => id),
      ),
    ).toMatchObject({
      changed: [],
      gone: [],
    })
    const idOf = new Map(seen(before.events).records.map((record) => [record.name, record.id]))
    await change(user(`away${first}`), changed(dnAt(1), 'AWAY'), renamed(dnAt(2), `renamed${first}`))
    await change(moved(dnAt(3), `moved${first}`), removed(dnAt(4)))
    const { events } = await readOnce(side, nothing.token)
    const after = seen(events, [...idOf.values()])
    expect(after.changed.toSorted()).toEqual([`away${first}`, cnOf(dnAt(1)), `renamed${first}`].toSorted())
    expect(after.gone.toSorted()).toEqual([idOf.get(dnAt(3)) ?? '', idOf.get(dnAt(4)) ?? ''].toSorted())
    const record = after.records.find((one) => uidOf(one) === `renamed${first}`)
    expect(record?.id).toBe(idOf.get(dnAt(2)))
  })

  test('soon while somebody follows, also after the controller was killed', async () => {
    const { token } = await readOnce(side, null)
    follower = follow(side, token, wanted)
    await follower.until({ type: 'token' })
    await change(changed(dnAt(5), 'LIVE'))
    await follower.until({ type: 'changed', uid: cnOf(dnAt(5)) }, SOON)
    await ad.kill()
    await ad.restart()
    await change(changed(dnAt(6), 'LATE'))
    await follower.until({ type: 'changed', uid: cnOf(dnAt(6)) })
    await change(changed(dnAt(5), 'AGAIN'))
    await follower.until({ type: 'changed', uid: cnOf(dnAt(5)) }, SOON)
    expect(seen(follower.events).gone).toEqual([])
  })
})

const cnOf = (dn: string): string => dn.slice('CN='.length, dn.indexOf(','))

test('what its filter takes out of a side is told to be gone, although nobody wants the attribute', async () => {
  const people = `OU=people,${baseDn}`
  const side = await open(administrator(), people, '(&(objectClass=user)(!(department=left)))')
  const { token, events } = await readOnce(side, null)
  const leaver = seen(events).records.find(({ name }) => name === personDn(80))
  await ldapmodify(
    ad.admin,
    `dn: ${personDn(80)}\nchangetype: modify\nreplace: department\ndepartment: left\n-\n\n`,
  )
  const after = await readOnce(side, token)
  expect(after.events).toContainEqual({ type: 'deleted', id: leaver?.id })
})

test('the numbers of a controller tell what is deleted to who may see it, and mean nothing at another controller', async () => {
  const { connection } = await signIn(administrator().dn, administrator().password)
  try {
    const side = await describeSide(connection, {}, { base: baseDn, filter })
    const log = await openUsnLog(side, connection)
    expect(log.tellsDeletes).toBe(true)
    const place = await log.now()
    const { id } = only(await (await open()).rereadNamed([personDn(90)], []))
    await ldapmodify(ad.admin, removed(personDn(90)) + changed(personDn(91), 'X'))
    const news = await log.since(place)
    expect(news?.deleted).toEqual([id])
    expect(news?.changed).toHaveLength(1)
    expect(await log.since(place.replace(/^.{8}/, '00000000'))).toBeUndefined()
    expect(await log.since(place.replace(/\d+$/, '999999999'))).toBeUndefined()
  } finally {
    connection.unbind()
  }
})
