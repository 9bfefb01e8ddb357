import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/ldap/connection.ts'
import { passwordPolicy } from '../../src/ldap/controls/password-policy.ts'
import { first, text } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'
import { type LdapjsDirectory, startLdapjsDirectory } from '../support/ldapjs-directory.ts'

let server: LdapjsDirectory
let ldap: Connection

beforeAll(async () => {
  server = await startLdapjsDirectory()
  ldap = await connect({ url: server.url, bind: { dn: 'cn=root', password: 'secret' } })
})
afterAll(async () => {
  ldap?.unbind()
  await server?.stop()
})

describe('our client on an ldapjs server', () => {
  test('is refused with its code when the password is wrong', async () => {
    await expect(connect({ url: server.url, bind: { dn: 'cn=root', password: 'no' } })).rejects.toMatchObject(
      {
        code: 49,
      },
    )
  })

  test('finds entries, in one answer, in many at once and in pages', async () => {
    const base = 'o=people'
    const { entries } = await ldap.searchAll({ base, scope: 'one' })
    expect(entries.length).toBe(25)
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, i) => ldap.searchAll({ base, filter: filter`(uid=${`p${i}`})` })),
    )
    expect(answers.map(({ entries: found }) => found.map((entry) => first(entry, 'cn')))).toEqual(
      Array.from({ length: 25 }, (_, i) => [`Zoë ${i}`]),
    )
    expect((await Array.fromAsync(ldap.search({ base, scope: 'one', paged: 10 }))).length).toBe(25)
  })

  test('adds, changes, compares, renames and deletes', async () => {
    const dn = 'uid=new,o=people'
    await ldap.add(dn, { objectClass: ['person'], uid: ['new'], cn: ['Élodie'], sn: ['x'] })
    await ldap.modify(dn, [{ operation: 'replace', attribute: 'sn', values: ['LEFÈVRE'] }])
    expect(text((await ldap.read(dn)) ?? raise(), 'sn')).toEqual(['LEFÈVRE'])
    expect(await ldap.compare(dn, 'sn', 'LEFÈVRE')).toBe(true)
    expect(await ldap.compare(dn, 'sn', 'other')).toBe(false)
    await ldap.modifyDn(dn, { newRdn: 'uid=renamed' })
    expect(await ldap.read(dn)).toBeUndefined()
    await ldap.delete('uid=renamed,o=people')
    expect(await ldap.read('uid=renamed,o=people')).toBeUndefined()
    await expect(ldap.delete(dn)).rejects.toMatchObject({ name: 'noSuchObject', code: 32 })
  })

  test('learns of an unknown extended operation, and of a connection that the server drops', async () => {
    await expect(ldap.whoAmI()).rejects.toMatchObject({ code: 2 })
    const dropped = await connect({ url: server.url })
    // ldapjs cannot read this control without a value, and ends the connection.
    const search = dropped.searchAll({ base: 'o=people', controls: [passwordPolicy()], timeout: 2_000 })
    await expect(search).rejects.toMatchObject({ name: 'LdapFailure', kind: 'closed' })
  })
})

function raise(): never {
  throw new Error('missing')
}
