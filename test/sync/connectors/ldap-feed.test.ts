import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Destination, FeedEvent } from '../../../sync/connectors/connector.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../../support/slapd.ts'
import { type Follower, follow, seen, uidOf } from './follower.ts'

const base = 'ou=people,dc=example,dc=org'
const filter = '(objectClass=inetOrgPerson)'
const dnOf = (uid: string): string => `uid=${uid},${base}`
const wanted = { attributes: ['uid', 'sn'] }

async function open(slapd: Slapd): Promise<Destination> {
  const bind = { dn: slapd.appDn, password: slapd.appPassword }
  return await openLdapSide(
    { pool: { urls: [slapd.url], connect: { bind } } },
    { base, filter, role: 'source' },
  )
}

const person = (uid: string): string => `dn: ${dnOf(uid)}
changetype: add
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: NEW

`
const retitled = (uid: string, sn: string): string =>
  `dn: ${dnOf(uid)}\nchangetype: modify\nreplace: sn\nsn: ${sn}\n\n`
const renamed = (uid: string, to: string): string =>
  `dn: ${dnOf(uid)}\nchangetype: modrdn\nnewrdn: uid=${to}\ndeleteoldrdn: 1\n\n`
const deleted = (uid: string): string => `dn: ${dnOf(uid)}\nchangetype: delete\n\n`
const outOfFilter = (uid: string): string =>
  `dn: ${dnOf(uid)}\nchangetype: modrdn\nnewrdn: uid=${uid}\ndeleteoldrdn: 0\nnewsuperior: ou=services,dc=example,dc=org\n\n`

const versions: [string, SlapdOptions][] = [
  ['OpenLDAP 2.5', {}],
  ['OpenLDAP 2.6', { version: '2.6' }],
  [
    'OpenLDAP 2.5 without a session log',
    { overlays: ['memberof', 'refint'], databaseLines: 'overlay syncprov' },
  ],
]
describe.each(versions)('%s', (_, options) => {
  let slapd: Slapd
  let source: Destination
  let follower: Follower | undefined

  beforeAll(async () => {
    slapd = await startSlapd(options)
    source = await open(slapd)
  })
  afterAll(async () => {
    await follower?.stop()
    await source.close()
    await slapd.stop()
  })
  const change = (...ldif: string[]): Promise<void> => ldapmodify(asRoot(slapd), ldif.join(''))
  const read = async (token: string | null): Promise<{ events: FeedEvent[]; token: string }> => {
    if (source.feed === undefined) throw new Error('no feed')
    const events = await Array.fromAsync(source.feed.changes(token, wanted, { follow: false }))
    const last = events.at(-1)
    if (last?.type !== 'token') throw new Error(`ends with ${last?.type}`)
    return { events, token: last.token }
  }

  test('tells everything first, and nothing more when nothing has changed', async () => {
    const { events, token } = await read(null)
    expect(seen(events).changed).toHaveLength(50)
    expect(events.filter(({ type }) => type === 'rest-is-gone')).toHaveLength(1)
    const again = await read(token)
    expect(again.events.filter(({ type }) => type !== 'token' && type !== 'unchanged')).toEqual([])
    expect(again.token).toBe(token)
  })

  test('tells what was added, changed, renamed, moved away and deleted while nobody listened', async () => {
    const before = await read(null)
    const idOf = new Map(seen(before.events).records.map((record) => [uidOf(record), record.id]))
    await change(person('away'), retitled('alice', 'AWAY'), renamed('u000010', 'renamed'))
    await change(deleted('u000011'), outOfFilter('u000012'))
    const { events } = await read(before.token)
    const { changed, gone } = seen(events, [...idOf.values()])
    expect(changed.toSorted()).toEqual(['alice', 'away', 'renamed'])
    expect(gone.toSorted()).toEqual([idOf.get('u000011') ?? '', idOf.get('u000012') ?? ''].toSorted())
    const renamedRecord = seen(events).records.find((record) => uidOf(record) === 'renamed')
    expect(renamedRecord?.id).toBe(idOf.get('u000010'))
  })

  test('tells within a second what changes while somebody follows, also after the server was killed', async () => {
    const { events, token } = await read(null)
    const ids = seen(events).records
    const idOf = (uid: string): string => ids.find((record) => uidOf(record) === uid)?.id ?? ''
    follower = follow(source, token, wanted)
    await follower.until({ type: 'token' })
    await change(person('live'), retitled('hugo', 'LIVE'), deleted('u000020'))
    await follower.until({ type: 'changed', uid: 'live' }, 1_000)
    await follower.until({ type: 'changed', uid: 'hugo' }, 1_000)
    await follower.until({ type: 'deleted', id: idOf('u000020') }, 1_000)

    await slapd.kill()
    await slapd.restart()
    await change(person('late'), deleted('u000021'))
    await follower.until({ type: 'changed', uid: 'late' })
    await follower.untilGone(
      idOf('u000021'),
      ids.map(({ id }) => id),
    )
    await change(retitled('hugo', 'AGAIN'))
    await follower.until({ type: 'changed', uid: 'hugo' }, 1_000)
    const persisted = follower.token
    await follower.stop()
    const { events: rest } = await read(persisted ?? null)
    expect(rest.filter(({ type }) => type === 'changed' || type === 'deleted')).toEqual([])
  })
})
