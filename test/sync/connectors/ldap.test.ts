import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Destination, IncompleteSource } from '../../../sync/connectors/connector.ts'
import type { LdapSideOptions } from '../../../sync/connectors/ldap/ldap-side.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import type { Change } from '../../../sync/plan/change.ts'
import type { SyncRecord } from '../../../sync/record.ts'
import { asRoot, ldapsearch } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'

let slapd: Slapd
let people: Destination
const base = 'ou=people,dc=example,dc=org'
const dnOf = (uid: string): string => `uid=${uid},${base}`
const sides: Destination[] = []

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 2_500, photos: 0.02 } })
  people = await open({ base, filter: '(objectClass=inetOrgPerson)' })
})
afterAll(async () => {
  await Promise.all(sides.map((side) => side.close()))
  await slapd.stop()
})

async function open(options: LdapSideOptions): Promise<Destination> {
  const bind = { dn: slapd.appDn, password: slapd.appPassword }
  const side = await openLdapSide({ pool: { urls: [slapd.url], connect: { bind } } }, options)
  sides.push(side)
  return side
}

const find = async (uids: string[], ...attributes: string[]): Promise<readonly SyncRecord[]> =>
  (await people.find?.('uid', uids, { attributes })) ?? []
const personOf = async (uid: string, ...attributes: string[]): Promise<SyncRecord> =>
  only(await find([uid], ...attributes))

function only(records: readonly SyncRecord[]): SyncRecord {
  const [record, ...others] = records
  if (record === undefined || others.length > 0) throw new Error(`${records.length} records`)
  return record
}

const valuesOf = (record: SyncRecord, attribute: string): string[] => record.values(attribute).map(String)

const apply = (change: Change): Promise<void> => people.apply(change)
const refusal = (change: Change): Promise<unknown> =>
  people.apply(change).then(
    () => 'done',
    ({ kind, code }) => [kind, code],
  )

function newPerson(uid: string, more: Record<string, (string | Buffer)[]> = {}, parent = base): Change {
  const attributes = { objectClass: ['inetOrgPerson'], sn: ['NEW'], cn: [`${uid} NEW`], ...more }
  return { kind: 'create', name: `uid=${uid},${parent}`, attributes: new Map(Object.entries(attributes)) }
}

describe('a directory is read', () => {
  test('to its end, whatever the size of a page', async () => {
    for (const pageSize of [0, 100, 2_000]) {
      const side = await open({ base, filter: '(objectClass=inetOrgPerson)', pageSize })
      const records = await Array.fromAsync(side.read({ attributes: ['uid'] }))
      expect(new Set(records.map(({ id }) => id)).size).toBe(2_500)
    }
  })

  test('with the attributes that are wanted, in any case, and its immutable id', async () => {
    const record = await personOf('elefevre', 'cn', 'givenName', 'description')
    expect(record.name).toBe(dnOf('elefevre'))
    expect(record.id).toMatch(/^[0-9a-f-]{36}$/)
    expect([...record.names()].toSorted()).toEqual(['cn', 'givenname'])
    expect(record.values('GIVENNAME')).toEqual(['Élodie'])
    expect(record.values('description')).toEqual([])
    expect(await ldapsearch(asRoot(slapd), record.name, `(entryUUID=${record.id})`, 'uid')).toContain(
      'elefevre',
    )
  })

  test('with bytes where the schema says so, and text elsewhere', async () => {
    const records = await Array.fromAsync(people.read({ attributes: 'all' }))
    const photos = records.flatMap((record) => record.values('jpegPhoto'))
    expect(photos.length).toBeGreaterThan(10)
    expect(photos.every((photo) => Buffer.isBuffer(photo))).toBe(true)
    expect(records.every((record) => typeof record.values('cn')[0] === 'string')).toBe(true)
    expect(records.some((record) => record.names().includes('entryuuid'))).toBe(false)
  })
})

test('records are found by any of many values, each once, and read again by id and by name', async () => {
  const uids = Array.from({ length: 250 }, (_, index) => `u${String(index + 100).padStart(6, '0')}`)
  const found = await find([...uids, 'nobody', 'u000100'], 'uid')
  expect(found.flatMap((record) => valuesOf(record, 'uid')).toSorted()).toEqual(uids)
  const again = await people.reread(
    [...found.map(({ id }) => id), '00000000-0000-0000-0000-000000000000'],
    ['sn'],
  )
  expect(again.map(({ id }) => id).toSorted()).toEqual(found.map(({ id }) => id).toSorted())
  const named = await people.rereadNamed([dnOf('alice'), dnOf('nobody'), dnOf('hugo')], 'all')
  expect(named.map((record) => record.values('uid'))).toEqual([['alice'], ['hugo']])
})

describe('an operation is done:', () => {
  test('an entry is created with the value of its RDN, changed, renamed and deleted', async () => {
    const [photo, other] = [Buffer.from([0xff, 0xd8, 0xff, 0x00]), Buffer.from([0xff, 0xd8, 0xff, 0x01])]
    await apply(newPerson('neo', { jpegPhoto: [photo] }))
    const { id } = await personOf('neo')
    const modifications = [
      { operation: 'replace', attribute: 'sn', values: ['ANDERSON'] },
      { operation: 'add', attribute: 'mail', values: ['neo@example.org'] },
      // slapd compares no photos: it takes neither one more nor one less.
      { operation: 'delete', attribute: 'jpegPhoto', values: [photo] },
      { operation: 'add', attribute: 'jpegPhoto', values: [other] },
    ] as const
    await apply({ kind: 'update', name: dnOf('neo'), modifications })
    await apply({ kind: 'rename', name: dnOf('neo'), to: `uid=théo\\, l’élu,ou=services,dc=example,dc=org` })
    const moved = only(await people.reread([id], 'all'))
    expect(moved.values('uid')).toEqual(['théo, l’élu'])
    expect(moved.values('sn')).toEqual(['ANDERSON'])
    expect(moved.values('mail')).toEqual(['neo@example.org'])
    expect(moved.values('jpegPhoto')).toEqual([other])
    await apply({ kind: 'delete', name: moved.name, subtree: false })
    expect(await people.reread([id], 'all')).toEqual([])
  })

  test('a group of thousands is written and read whole', async () => {
    const groups = await open({ base: 'ou=groups,dc=example,dc=org' })
    const members = Array.from({ length: 2_500 }, (_, index) => dnOf(`m${index}`))
    const name = 'cn=many,ou=groups,dc=example,dc=org'
    const attributes = { objectClass: ['groupOfNames'], member: members.slice(0, 1) }
    await groups.apply({ kind: 'create', name, attributes: new Map(Object.entries(attributes)) })
    await groups.apply({
      kind: 'update',
      name,
      modifications: [{ operation: 'replace', attribute: 'member', values: members }],
    })
    const group = only(await groups.rereadNamed([name], ['member']))
    expect(valuesOf(group, 'member').toSorted()).toEqual(members.toSorted())
    await groups.apply({
      kind: 'update',
      name,
      modifications: [{ operation: 'delete', attribute: 'member', values: members.slice(0, 2_400) }],
    })
    expect(only(await groups.rereadNamed([name], ['member'])).values('member')).toHaveLength(100)
  })

  test('a branch is deleted with what is below it', async () => {
    const branch = `ou=branch,${base}`
    const unit = (name: string): Change => ({
      kind: 'create',
      name,
      attributes: new Map([['objectClass', ['organizationalUnit']]]),
    })
    for (const name of [branch, `ou=inner,${branch}`, `ou=innermost,ou=inner,${branch}`])
      await apply(unit(name))
    expect(await refusal({ kind: 'delete', name: branch, subtree: false })).toEqual([
      'has-children',
      'LDAP 66 notAllowedOnNonLeaf',
    ])
    await apply({ kind: 'delete', name: branch, subtree: true })
    expect(await people.rereadNamed([branch, `ou=inner,${branch}`], 'all')).toEqual([])
  })
})

test('an operation that is not done says why, so that another order or another time may help', async () => {
  await apply(newPerson('there'))
  const update = (
    uid: string,
    attribute: string,
    values: string[],
    operation: 'add' | 'delete' = 'add',
  ): Change => ({
    kind: 'update',
    name: dnOf(uid),
    modifications: [{ operation, attribute, values }],
  })
  expect(await refusal(newPerson('there'))).toEqual(['exists', 'LDAP 68 entryAlreadyExists'])
  expect(await refusal(newPerson('x', {}, `ou=nowhere,${base}`))).toEqual([
    'missing-parent',
    'LDAP 32 noSuchObject',
  ])
  expect(await refusal(update('nobody', 'mail', ['a@b.c']))).toEqual(['gone', 'LDAP 32 noSuchObject'])
  expect(await refusal(update('there', 'sn', ['new']))).toEqual([
    'values-exist',
    'LDAP 20 attributeOrValueExists',
  ])
  expect(await refusal(update('there', 'mail', ['a@b.c'], 'delete'))).toEqual([
    'gone',
    'LDAP 16 noSuchAttribute',
  ])
  expect(await refusal(update('there', 'mail', ['alice.martin@example.org']))).toEqual([
    'refused',
    'LDAP 19 constraintViolation',
  ])
  expect(await refusal({ kind: 'rename', name: dnOf('nobody'), to: dnOf('somebody') })).toEqual([
    'gone',
    'LDAP 32 noSuchObject',
  ])
  expect(await refusal({ kind: 'rename', name: dnOf('there'), to: `uid=there,ou=nowhere,${base}` })).toEqual([
    'missing-parent',
    'LDAP 32 noSuchObject',
  ])
  expect(await refusal({ kind: 'rename', name: dnOf('there'), to: 'ou=groups,dc=example,dc=org' })).toEqual([
    'exists',
    'LDAP 68 entryAlreadyExists',
  ])
})

test('values are told apart as the server does', () => {
  const { key, sameName, ...asks } = people.comparison
  const same = (attribute: string, ...values: (string | Buffer)[]): boolean =>
    new Set(values.map((value) => key(attribute, value))).size === 1
  expect(same('cn', 'Élodie  LEFÈVRE', 'élodie lefèvre ')).toBe(true)
  expect(same('cn', 'Élodie', 'Elodie')).toBe(false)
  expect(same('homeDirectory', '/home/a', '/home/A')).toBe(false)
  expect(same('telephoneNumber', '+33 1-23', '+33123')).toBe(true)
  expect(same('uidNumber', '7', '7')).toBe(true)
  expect(same('manager', 'uid=a, ou=Été,dc=x', 'UID=A,ou=été,DC=X')).toBe(true)
  expect(same('manager', String.raw`uid=a\2cb,dc=x`, String.raw`uid=A\,b,dc=x`)).toBe(true)
  expect(same('manager', 'uid=a,dc=x', 'uid=a,dc=y')).toBe(false)
  expect(same('objectClass', 'INETORGPERSON', '2.16.840.1.113730.3.2.2')).toBe(true)
  expect(same('userPassword', 'secret', Buffer.from('secret'))).toBe(true)
  expect(same('userPassword', 'secret', Buffer.from('Secret'))).toBe(false)
  expect(same('pwdStartTime', '20260101000000Z', '20260101000000.0Z')).toBe(true)
  expect(sameName('uid=a+cn=b,dc=x', 'CN=B + uid=A,dc=x')).toBe(true)
  expect(
    ['member', 'manager', 'uniqueMember', 'memberOf', 'creatorsName', 'cn'].filter(asks.isReference),
  ).toEqual(['member', 'manager', 'uniqueMember'])
  expect(asks.isRequired('member', ['groupOfNames'])).toBe(true)
  expect(asks.isRequired('manager', ['inetOrgPerson'])).toBe(false)
  expect(['displayName', 'mail'].filter(asks.isSingleValued)).toEqual(['displayName'])
  expect(['mail', 'entryUUID', 'modifyTimestamp'].filter(asks.isWritable)).toEqual(['mail'])
  expect(['mail', 'mial'].map((name) => asks.isKnown(name))).toEqual([true, false])
})

test('who may not sign in reads nothing', async () => {
  const connect = { bind: { dn: slapd.appDn, password: 'wrong' } }
  const opening = openLdapSide({ pool: { urls: [slapd.url], connect } }, { base })
  const error = await opening.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(IncompleteSource)
  expect(error).toMatchObject({ reason: 'refused' })
})
