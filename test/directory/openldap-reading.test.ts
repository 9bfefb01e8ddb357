import { describe, expect, it } from 'vitest'
import { first } from '../../src/ldap/entry.ts'
import { dn } from '../../src/ldap/dn.ts'
import { filter } from '../../src/ldap/filter.ts'
import { useOpenLdap } from './use-openldap.ts'

const { suite, slapd, apply, modify } = useOpenLdap({ seed: { people: 1500 } })

const everyone = () => ({
  base: suite().server.people,
  filter: filter`(objectClass=inetOrgPerson)`,
  attributes: ['uid'],
})

describe('reading', () => {
  it('gives at most so many entries and says that there are more', async () => {
    const { directory } = suite()
    const some = await directory.find({ ...everyone(), limit: 10 })
    expect(some.entries).toHaveLength(10)
    expect(some.complete).toBe(false)
    const one = await directory.find({ ...everyone(), filter: filter`(uid=alice)`, limit: 10 })
    expect(one).toMatchObject({ complete: true })
    expect(one.entries.map((entry) => first(entry, 'uid'))).toEqual(['alice'])
  })

  it('lists everyone, beyond the size limit of the server', async () => {
    expect(await Array.fromAsync(suite().directory.list(everyone()))).toHaveLength(1500)
  })

  it('reads an entry, or null where there is none', async () => {
    const { directory, server } = suite()
    const alice = await directory.read(dn`uid=alice,${server.people}`, ['sn'])
    expect(alice && first(alice, 'sn')).toBe('MARTIN')
    expect(await directory.read(dn`uid=nobody,${server.people}`, ['sn'])).toBeNull()
  })

  it('finds an entry by its immutable id after a rename', async () => {
    const { directory, somebody } = suite()
    const person = somebody()
    const entry = await directory.read(person.dn, [directory.idAttribute])
    if (entry === null) throw new Error('no entry')
    await apply(`dn: ${person.dn}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\n`)
    const byId = directory.idFilter(directory.idOf(entry))
    const { entries } = await directory.find({ ...everyone(), filter: byId, limit: 2 })
    expect(entries.map((found) => first(found, 'uid'))).toEqual(['renamed'])
  })

  it('finds what changed since a time', async () => {
    const { directory, somebody } = suite()
    const person = somebody()
    const before = new Date(Date.now() - 1000)
    await modify(person, 'replace: title\ntitle: Changed')
    const changed = await Array.fromAsync(directory.changedSince(everyone(), before))
    expect(changed.map((entry) => first(entry, 'uid'))).toContain(person.login)
    const later = new Date(Date.now() + 60_000)
    expect(await Array.fromAsync(directory.changedSince(everyone(), later))).toEqual([])
  })
})

describe('a dead directory', () => {
  it('is unavailable, never empty, and comes back by itself', async () => {
    const { directory, somebody, bind } = suite()
    const person = somebody()
    await slapd().kill()
    const reads = [
      () => directory.read(person.dn, ['sn']),
      () => directory.find({ ...everyone(), limit: 1 }),
      () => bind(person),
      () => Array.fromAsync(directory.list(everyone())),
    ]
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'directory-unavailable' })
    await slapd().restart()
    const readAgain = () =>
      directory.read(person.dn, ['sn']).then(
        () => 'read',
        () => 'not yet',
      )
    await expect.poll(readAgain, { timeout: 3000 }).toBe('read')
  })
})
