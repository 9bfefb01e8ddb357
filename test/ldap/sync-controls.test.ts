import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connection, connect } from '../../src/ldap/connection.ts'
import { dirSync, dirSyncResult, readDirSyncResult } from '../../src/ldap/controls/dir-sync.ts'
import { permissiveModify } from '../../src/ldap/controls/permissive-modify.ts'
import { entryChange, persistentSearch, readEntryChange } from '../../src/ldap/controls/persistent-search.ts'
import { readSyncDone, syncDone } from '../../src/ldap/controls/sync-done.ts'
import { readSyncInfo, SYNC_INFO, type SyncInfo, writeSyncInfo } from '../../src/ldap/controls/sync-info.ts'
import { readSyncRequest, syncRequest } from '../../src/ldap/controls/sync-request.ts'
import { readSyncState, syncState } from '../../src/ldap/controls/sync-state.ts'
import { first } from '../../src/ldap/entry.ts'
import { LdapFailure } from '../../src/ldap/failure.ts'
import type { SearchEvent } from '../../src/ldap/search-exchange.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'

const bytes = fc.uint8Array({ maxLength: 200 }).map((array): Buffer => Buffer.from(array))
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array): Buffer => Buffer.from(array))
const cookie = fc.record({ cookie: bytes }, { requiredKeys: [] })

describe('a control is read as it was made:', () => {
  test('what a synchronization asks for', () => {
    const mode = fc.constantFrom('refreshOnly', 'refreshAndPersist')
    fc.assert(
      fc.property(mode, cookie, fc.boolean(), (asked, given, hint) => {
        const request = { mode: asked, ...given, ...(hint && { reloadHint: true }) }
        expect(readSyncRequest([syncRequest(request)])).toEqual(request)
      }),
    )
    expect(readSyncRequest([])).toBeUndefined()
  })

  test('what happened to an entry, and the end', () => {
    const state = fc.constantFrom('present', 'add', 'modify', 'delete')
    fc.assert(
      fc.property(state, uuid, cookie, fc.boolean(), (happened, entryUuid, given, refreshDeletes) => {
        const told = { state: happened, entryUuid, ...given }
        expect(readSyncState([syncState(told)])).toEqual(told)
        const done = { ...given, refreshDeletes }
        expect(readSyncDone([syncDone(done)])).toEqual(done)
      }),
    )
  })

  test('the information between entries', () => {
    const info: fc.Arbitrary<SyncInfo> = fc.oneof(
      bytes.map((value) => ({ type: 'newCookie' as const, cookie: value })),
      fc
        .tuple(fc.constantFrom('refreshDelete', 'refreshPresent'), cookie, fc.boolean())
        .map(([type, given, refreshDone]) => ({ type, ...given, refreshDone })),
      fc
        .tuple(cookie, fc.boolean(), fc.array(uuid, { maxLength: 20 }))
        .map(([given, refreshDeletes, entryUuids]) => ({
          type: 'syncIdSet' as const,
          ...given,
          refreshDeletes,
          entryUuids,
        })),
    )
    fc.assert(
      fc.property(info, (told) => {
        expect(readSyncInfo(writeSyncInfo(told))).toEqual(told)
      }),
    )
    expect(() => readSyncInfo(Buffer.from('3000', 'hex'))).toThrow(LdapFailure)
    expect(() => readSyncInfo(Buffer.from('a1020101', 'hex'))).toThrow(LdapFailure)
  })

  test('changes of a naming context and of a persistent search', () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (given, more) => {
        expect(readDirSyncResult([dirSyncResult({ cookie: given, more })])).toEqual({ cookie: given, more })
      }),
    )
    expect(dirSync({ cookie: Buffer.from('x'), flags: ['objectSecurity', 'ancestorsFirst'] }).value).toEqual(
      Buffer.from('300c020208010203100000040178', 'hex'),
    )
    for (const change of [
      { change: 'add' },
      { change: 'modifyDn', previousDn: 'uid=é,dc=x', changeNumber: 7 },
      { change: 'delete', changeNumber: 123_456_789 },
    ] as const)
      expect(readEntryChange([entryChange(change)])).toEqual(change)
    expect(persistentSearch().value).toEqual(Buffer.from('300902010f0101ff0101ff', 'hex'))
  })
})

describe('slapd', () => {
  let slapd: Slapd
  let connection: Connection
  const base = 'ou=people,dc=example,dc=org'

  beforeAll(async () => {
    slapd = await startSlapd()
    connection = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  })
  afterAll(async () => {
    connection.unbind()
    await slapd.stop()
  })
  const searchFrom = (mode: 'refreshOnly' | 'refreshAndPersist', from?: Buffer) =>
    connection.search({
      base,
      scope: 'one',
      attributes: ['entryUUID'],
      controls: [syncRequest({ mode, ...(from && { cookie: from }) })],
    })

  test('gives each entry with its state and id, and a cookie at the end', async () => {
    const search = searchFrom('refreshOnly')
    const entries = await Array.fromAsync(search)
    expect(entries).toHaveLength(50)
    for (const entry of entries) {
      const state = readSyncState(entry.controls)
      expect(state?.state).toBe('add')
      expect(state?.entryUuid.toString('hex')).toBe(first(entry, 'entryUUID')?.replaceAll('-', ''))
    }
    const done = readSyncDone(search.outcome?.controls ?? [])
    expect(done?.cookie?.toString()).toMatch(/csn=\d{14}/)
  })

  test('says where the refresh ends, and then what changes', async () => {
    const search = searchFrom('refreshAndPersist').events()
    const events: AsyncIterator<SearchEvent> = search[Symbol.asyncIterator]()
    let told = 0
    let info: SyncInfo | undefined
    while (info?.type !== 'refreshDelete' && info?.type !== 'refreshPresent') {
      const { value } = await events.next()
      if (value?.type === 'intermediate' && value.oid === SYNC_INFO && value.value)
        info = readSyncInfo(value.value)
      else told += 1
    }
    expect(told).toBe(50)
    expect(info.refreshDone).toBe(true)
    await connection.modify(`uid=alice,${base}`, [{ operation: 'replace', attribute: 'sn', values: ['X'] }])
    const { value } = await events.next()
    expect(value?.type === 'entry' && readSyncState(value.entry.controls)?.state).toBe('modify')
    await events.return?.()
  })

  test('takes a value that is there already when it is told to be lenient', async () => {
    // It knows the control without saying so in its root DSE.
    const change = { operation: 'add', attribute: 'objectClass', values: ['inetOrgPerson'] } as const
    const dn = `uid=hugo,${base}`
    await expect(connection.modify(dn, [change])).rejects.toMatchObject({ code: 20 })
    await connection.modify(dn, [change], { controls: [permissiveModify()] })
  })
})
