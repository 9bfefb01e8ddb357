import { describe, expect, it } from 'vitest'
import { kindOf, rootDseAttributes } from '../../src/directory/detect-kind.ts'
import type { Query } from '../../src/directory/directory.ts'
import { first } from '../../src/ldap/entry.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { filter } from '../../src/ldap/filter.ts'
import { bigGroupSize } from '../support/samba-ad-ldif.ts'
import { ldapsearch } from '../support/ldap-tools.ts'
import { useSamba } from './use-samba.ts'

const { server, suite, asAdministrator } = useSamba()

describe('reading from Active Directory', () => {
  it('takes no harm from the pointers to other parts of the forest', async () => {
    const { directory, somebody } = suite()
    const { dn, login } = somebody()
    const query = { base: toDn(server().ad.baseDn), attributes: ['cn'] }
    const found = await directory.find({ ...query, filter: filter`(sAMAccountName=${login})`, limit: 10 })
    expect(found).toMatchObject({ entries: [{ dn }], complete: true })
    expect(await names({ ...query, filter: filter`(sAMAccountName=${login})` })).toEqual([login])
  })

  it('lists beyond the thousand that a controller gives at once', async () => {
    const query = { base: toDn(`OU=crowd,${server().ad.baseDn}`), attributes: ['cn'] }
    expect((await names({ ...query, filter: suite().directory.people })).length).toBe(bigGroupSize)
    const some = await suite().directory.find({ ...query, filter: suite().directory.people, limit: 20 })
    expect(some).toMatchObject({ complete: false })
    expect(some.entries.length).toBe(20)
  })

  it('takes no computer for a person', async () => {
    const base = toDn(server().ad.baseDn)
    const users = await names({ base, attributes: ['cn'], filter: filter`(objectClass=user)` })
    const people = await names({ base, attributes: ['cn'], filter: suite().directory.people })
    expect(users.filter((name) => !people.includes(name))).toEqual(['DC1'])
  })

  it('knows an entry by its GUID, spelled as everybody spells it', async () => {
    const { directory, somebody } = suite()
    const { dn, login } = somebody()
    const base = toDn(server().ad.baseDn)
    const entry = await directory.read(dn, [directory.idAttribute])
    if (entry === null) throw new Error('no entry')
    const id = directory.idOf(entry)
    expect(await names({ base, attributes: ['cn'], filter: directory.idFilter(id) })).toEqual([login])
    const { ad } = server()
    const app = { url: ad.ldapsUrl, dn: ad.appDn, password: ad.appPassword, caFile: ad.caFile }
    expect(await ldapsearch(app, `<GUID=${id}>`, '(objectClass=*)', 'cn')).toContain(`cn: ${login}`)
    const nobody = directory.idFilter('*')
    expect(await names({ base, attributes: ['cn'], filter: nobody })).toEqual([])
  })

  it('finds what changed since a time', async () => {
    const { directory, somebody } = suite()
    const person = somebody()
    const query = { base: server().people, attributes: ['cn', 'whenChanged'], filter: directory.people }
    await server().set(person, 'title', 'Head')
    const changed: string[] = []
    for await (const entry of directory.changedSince(query, new Date(Date.now() - 5_000)))
      changed.push(entry.dn)
    expect(changed).toContain(person.dn)
    for await (const entry of directory.changedSince(query, new Date(Date.now() + 60_000)))
      expect(entry).toBeUndefined()
  })

  it('is done by a service account that has no DN in its settings, too', async () => {
    const { somebody, bind } = suite()
    const person = somebody()
    await bind(person)
    const directory = asAdministrator()
    const entry = await directory.read(somebody().dn, directory.stateAttributes)
    if (entry === null) throw new Error('no entry')
    const { conditions } = await directory.accountState(entry, new Date())
    expect(conditions).toMatchObject([{ kind: 'never-signed-in' }])
  })

  it('tells what server it is', async () => {
    const rootDse = await suite().directory.read(toDn(''), rootDseAttributes)
    expect(rootDse && kindOf(rootDse)).toBe('active-directory')
  })
})

async function names(query: Query): Promise<string[]> {
  const found: string[] = []
  for await (const entry of suite().directory.list(query)) found.push(first(entry, 'cn') ?? '')
  return found
}
