import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/ldap/connection.ts'
import { bytes, first, text, typedValues, withOptions } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'
import { LdapError } from '../../src/ldap/result.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'

let slapd: Slapd
let ldap: Connection
let people: string

const asService = (): Promise<Connection> =>
  connect({ url: slapd.url, bind: { dn: slapd.appDn, password: slapd.appPassword } })

const asAlice = (): Promise<Connection> =>
  connect({ url: slapd.url, bind: { dn: `uid=alice,${people}`, password: 'alice-secret' } })

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 3000 } })
  people = `ou=people,${slapd.suffix}`
  ldap = await asService()
  await ldap.passwordModify({ user: `uid=alice,${people}`, newPassword: 'alice-secret' })
  await ldap.modify(`uid=alice,${people}`, [
    { operation: 'add', attribute: 'cn;lang-fr', values: ['Alice (fr)'] },
    {
      operation: 'replace',
      attribute: 'jpegPhoto',
      values: [Buffer.from([0xff, 0xd8, 0x00]), Buffer.from('text')],
    },
  ])
})
afterAll(async () => {
  ldap?.unbind()
  await slapd?.stop()
})

describe('a search', () => {
  test('brings every entry, in pages beyond the size limit or in one stream', async () => {
    const alice = await asAlice()
    await expect(alice.searchAll({ base: people })).rejects.toMatchObject({
      code: 4,
      name: 'sizeLimitExceeded',
    })
    let before = 0
    const limited = alice.search({ base: people })
    const count = async (): Promise<void> => {
      for await (const _ of limited) before += 1
    }
    await expect(count()).rejects.toBeInstanceOf(LdapError)
    expect(before).toBe(1000)

    const paged = new Set<string>()
    for await (const { dn } of alice.search({ base: people, scope: 'one', paged: 250 })) paged.add(dn)
    const whole = await ldap.searchAll({ base: people, scope: 'one' })
    expect(paged.size).toBe(whole.entries.length)
    expect(paged.size).toBeGreaterThanOrEqual(3000)
    alice.unbind()
  })

  test('finds accented text, and values in which every character is special', async () => {
    const { entries } = await ldap.searchAll({ base: people, filter: filter`(sn=*${'FÈVR'}*)` })
    expect(entries.map((entry) => first(entry, 'SN'))).toContain('LEFÈVRE')
    const odd = 'a*b(c)\\d\0e'
    const dn = `cn=odd,${people}`
    await ldap.add(dn, { objectClass: ['device'], cn: ['odd'], description: [odd] })
    const found = await ldap.searchAll({ base: people, filter: filter`(description=${odd})` })
    expect(found.entries.map((entry) => first(entry, 'description'))).toEqual([odd])
    await ldap.delete(dn)
  })

  test('gives values as text or as bytes, as they are asked for, and no value as an empty list', async () => {
    const alice = await ldap.read(`uid=alice,${people}`, { attributes: ['*', 'entryUUID'] })
    if (!alice) throw new Error('alice is missing')
    expect(text(alice, 'UID')).toEqual(['alice'])
    expect(bytes(alice, 'jpegphoto').map((value) => value.toString('hex'))).toEqual(['ffd800', '74657874'])
    expect(text(alice, 'noSuchAttribute')).toEqual([])
    expect(first(alice, 'noSuchAttribute')).toBeUndefined()
    expect(text(alice, 'cn;lang-fr')).toEqual(['Alice (fr)'])
    expect(withOptions(alice, 'CN').map(({ name }) => name)).toEqual(['cn', 'cn;lang-fr'])
    const schema = { isBinary: (attribute: string) => attribute === 'jpegPhoto' }
    expect(typedValues(alice, 'jpegPhoto', schema)).toMatchObject({ binary: true })
    expect(typedValues(alice, 'uid', schema)).toEqual({ binary: false, values: ['alice'] })
  })

  test('looks at the base, one level, the subtree or what is below the base', async () => {
    const count = async (scope: 'base' | 'one' | 'sub' | 'children'): Promise<number> =>
      (
        await ldap.searchAll({
          base: slapd.suffix,
          scope,
          attributes: ['1.1'],
          filter: filter`(objectClass=*)`,
        })
      ).entries.length
    expect(await count('base')).toBe(1)
    expect(await count('one')).toBe(4)
    expect(await count('children')).toBe((await count('sub')) - 1)
  })

  test('finds no entry where there is none, and throws when the base is wrong', async () => {
    expect(await ldap.read(`uid=nobody,${people}`)).toBeUndefined()
    await expect(ldap.searchAll({ base: `ou=nowhere,${slapd.suffix}` })).rejects.toMatchObject({
      code: 32,
      matchedDn: slapd.suffix,
    })
    await expect(ldap.read('no dn')).rejects.toMatchObject({ name: 'invalidDNSyntax' })
  })

  test('that is left early is abandoned, and leaves the connection to others', async () => {
    for await (const _ of ldap.search({ base: people })) break
    const pages = ldap.search({ base: people, paged: 100 })
    for await (const _ of pages) break
    expect(pages.outcome).toBeUndefined()
    expect(await ldap.whoAmI()).toBe(`dn:${slapd.appDn}`)
    expect(() => pages[Symbol.asyncIterator]()).toThrow(TypeError)
  })

  test('of a slow reader is not timed out, and is complete', async () => {
    let count = 0
    for await (const _ of ldap.search({ base: people, timeout: 60 })) {
      if (count++ === 0) await new Promise((resolve) => setTimeout(resolve, 150))
    }
    expect(count).toBeGreaterThanOrEqual(3001)
  })
})

describe('a lost server', () => {
  test.each([
    ['in clear', {}],
    ['after StartTLS', { startTls: true }],
  ])('fails the running search and the waiting operations at once, %s', async (_, how) => {
    const other = await startSlapd()
    const tls = { ca: other.ca }
    const connection = await connect({
      url: other.url,
      ...how,
      tls,
      bind: { dn: other.appDn, password: other.appPassword },
    })
    await other.pause()
    const search = connection.searchAll({ base: other.suffix }).catch((error: unknown) => error)
    const operation = connection.whoAmI().catch((error: unknown) => error)
    const killed = performance.now()
    const killing = other.kill()
    for (const failed of await Promise.all([search, operation]))
      expect(failed).toMatchObject({ name: 'LdapFailure', kind: 'closed' })
    expect(performance.now() - killed).toBeLessThan(1000)
    await killing
    await expect(connection.whoAmI()).rejects.toMatchObject({ kind: 'closed' })
    await other.stop()
  })
})
