import { describe, expect, it } from 'vitest'
import { first } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { uidOf, neverEntry, useOpenLdap } from './use-openldap.ts'

const { slapd, directory, people, person, modify } = useOpenLdap()

describe('reading', () => {
  const all = () => ({ base: people(), filter: filter`(objectClass=inetOrgPerson)`, attributes: ['uid'] })

  it('gives at most so many entries and says that there are more', async () => {
    const some = await directory().find({ ...all(), limit: 10 })
    expect(some.entries).toHaveLength(10)
    expect(some.complete).toBe(false)
    const one = await directory().find({ ...all(), filter: filter`(uid=alice)`, limit: 10 })
    expect(one).toMatchObject({ complete: true })
    expect(one.entries.map((entry) => first(entry, 'uid'))).toEqual(['alice'])
  })

  it('lists everyone, beyond the size limit of the server', async () => {
    expect(await Array.fromAsync(directory().list(all()))).toHaveLength(1500)
  })

  it('reads an entry, or null where there is none', async () => {
    expect(first((await directory().read(person('alice'), ['sn'])) ?? neverEntry(), 'sn')).toBe('MARTIN')
    expect(await directory().read(person('nobody'), ['sn'])).toBeNull()
  })

  it('finds an entry by its immutable id after a rename', async () => {
    const entry = (await directory().read(person(uidOf(20)), [directory().idAttribute])) ?? neverEntry()
    const id = directory().idOf(entry)
    await ldapmodify(
      asRoot(slapd()),
      `dn: ${person(uidOf(20))}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n`,
    )
    const { entries } = await directory().find({ ...all(), filter: directory().idFilter(id), limit: 2 })
    expect(entries.map((found) => first(found, 'uid'))).toEqual(['renamed'])
  })

  it('finds what changed since a time', async () => {
    const before = new Date(Date.now() - 1000)
    await modify(uidOf(21), 'replace: title\ntitle: Changed')
    const changed = await Array.fromAsync(directory().changedSince(all(), before))
    expect(changed.map((entry) => first(entry, 'uid'))).toContain(uidOf(21))
    const later = new Date(Date.now() + 60_000)
    expect(await Array.fromAsync(directory().changedSince(all(), later))).toEqual([])
  })
})

describe('a dead directory', () => {
  it('is unavailable, never empty, and comes back by itself', async () => {
    await slapd().kill()
    const reads = [
      () => directory().read(person('alice'), ['sn']),
      () => directory().find({ base: people(), filter: filter`(uid=alice)`, attributes: ['uid'], limit: 1 }),
      () => directory().verifyPassword(person('alice'), 'pw-alice'),
      () =>
        Array.fromAsync(directory().list({ base: people(), filter: filter`(uid=*)`, attributes: ['uid'] })),
    ]
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'directory-unavailable' })
    await slapd().restart()
    await expect
      .poll(
        () =>
          directory()
            .read(person('alice'), ['sn'])
            .then(
              () => 'read',
              () => 'not yet',
            ),
        { timeout: 3000 },
      )
      .toBe('read')
  })
})
