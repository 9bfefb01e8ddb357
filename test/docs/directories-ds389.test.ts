import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { stateNames } from '../../src/directory/account-state.ts'
import { filterAttributes } from '../../src/ldap/filter-attributes.ts'
import { toDn, type Dn } from '../../src/ldap/dn.ts'
import { accepted, kindsOf } from '../directory/suite/suite.ts'
import { loginOf, passwordOf, personDn as dnText } from '../support/ds389-ldif.ts'
import type { Ds389 } from '../support/ds389.ts'
import { ldapsearch, type Target } from '../support/ldap-tools.ts'
import { documentedDs389, secrets } from './documented-ds389.ts'

describe('docs/directories.md, done on a 389-DS', () => {
  let server: Ds389
  let directory: Directory
  beforeAll(async () => {
    const documented = await documentedDs389()
    server = documented.server
    directory = openDirectory(documented.config, 'ds389')
    // A server that records sign-ins is known by one that is recorded.
    await directory.verifyPassword(personDn(6), passwordOf(loginOf(6)))
  }, 120_000)
  afterAll(async () => {
    await directory.close()
    await server.stop()
  })

  const personDn = (index: number): Dn => toDn(dnText(index))
  const state = async (dn: Dn) => {
    const entry = await directory.read(dn, directory.stateAttributes)
    if (entry === null) throw new Error(`no entry ${dn}`)
    return await directory.accountState(entry, new Date())
  }
  const kinds = async (dn: Dn) => kindsOf(await state(dn))
  const bind = async (dn: Dn, password: string) => (await directory.verifyPassword(dn, password)).outcome
  const reset = (dn: Dn, password: string, mustChange = false) =>
    directory.setPassword(dn, accepted(password), { mustChange })
  const asRoot = (): Target => ({ url: server.url, dn: server.rootDn, password: server.rootPassword })

  it('lets agents reset, and is held to the policy', async () => {
    const [dn, first] = [personDn(2), 'a new password 1']
    expect(await reset(dn, first, true)).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await kinds(dn)).toContain('must-change')
    expect(await state(dn)).toHaveProperty('passwordChangedAt')
    expect(await reset(dn, 'short')).toMatchObject({ outcome: 'refused', reason: 'insufficient-quality' })
    expect(await reset(dn, 'a new password 2')).toMatchObject({ outcome: 'written' })
    expect(await reset(dn, first)).toEqual({ outcome: 'refused', reason: 'in-history' })
  })

  it('lets people change their own password', async () => {
    const chosen = 'One of my own choice 3'
    const changed = await directory.changePassword(personDn(3), passwordOf(loginOf(3)), accepted(chosen))
    expect(changed).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await bind(personDn(3), chosen)).toBe('accepted')
  })

  it('locks by wrong passwords, and lets agents unlock, lock, disable and force a change', async () => {
    const [dn, password] = [personDn(4), passwordOf(loginOf(4))]
    for (let tries = 0; tries < 10; tries++) await bind(dn, 'wrong')
    expect(await kinds(dn)).toContain('locked')
    expect(await directory.unlock(dn)).toBe('done')
    expect(await bind(dn, password)).toBe('accepted')
    const now = new Date()
    expect(await directory.lock(dn, now)).toBe('done')
    expect(await directory.disable(dn, now)).toBe('done')
    expect(await directory.requireChange(dn, true)).toBe('done')
    expect(await kinds(dn)).toEqual(expect.arrayContaining(['locked', 'disabled', 'must-change']))
    await directory.unlock(dn)
    await directory.enable(dn)
    await directory.requireChange(dn, false)
    expect(await kinds(dn)).toEqual([])
    expect(await bind(dn, password)).toBe('accepted')
  })

  it('lists everybody, beyond the size limit', async () => {
    const base = toDn(`ou=people,${server.suffix}`)
    const query = { base, filter: directory.people, attributes: directory.stateAttributes }
    expect(await Array.fromAsync(directory.list(query))).toHaveLength(120)
    expect(await kinds(personDn(7))).toContain('never-signed-in')
  })

  it('knows the policy for everyone', async () => {
    const entry = await directory.read(personDn(8), directory.stateAttributes)
    expect(entry && (await directory.passwordRules(entry)).length).toBe(12)
  })

  it('has a decoy and a service account that no wrong password locks', async () => {
    const service = toDn(`cn=idaas,ou=services,${server.suffix}`)
    const decoy = toDn(directory.settings.decoy ?? '')
    for (const dn of [decoy, service]) {
      const tries = Array.from({ length: 12 }, () => bind(dn, 'wrong'))
      expect(new Set(await Promise.all(tries))).toEqual(new Set(['refused']))
    }
    expect(await directory.verifyPassword(decoy, secrets.decoy)).toMatchObject({ outcome: 'accepted' })
    const again = await directory.verifyPassword(service, secrets.service)
    expect(again).toMatchObject({ outcome: 'accepted', mustChange: false })
  })

  it('gives somebody another login, and repairs what holds the DN', async () => {
    const renamed = await directory.rename(personDn(1), { rdn: { attribute: 'uid', value: 'another' } })
    expect(renamed).toMatchObject({ failed: [] })
    expect(await ldapsearch(asRoot(), server.suffix, `(member=${personDn(1)})`, '1.1')).toBe('')
  })

  it('has an index for every filter by which people are found and reported', async () => {
    const base = 'cn=index,cn=userRoot,cn=ldbm database,cn=plugins,cn=config'
    const lines = await ldapsearch(asRoot(), base, '(objectClass=nsIndex)', 'cn')
    const indexed = [...lines.matchAll(/^cn: (\S+)/gm)].flatMap(([, name = '']) => name.toLowerCase())
    const filters = await Promise.all(stateNames.map((name) => directory.stateFilter(name, new Date())))
    const { signIn, manager, photo } = directory.attributes
    const asked = [directory.people, directory.groups, directory.idFilter(''), ...filters]
    const wanted = new Set([...asked.flatMap(filterAttributes), ...signIn, manager, photo, 'modifyTimestamp'])
    // No index helps with the last: nearly everybody has one. The others are for those who have the schema.
    for (const name of ['supannRessourceEtat', 'shadowExpire', 'userPassword']) wanted.delete(name)
    expect(indexed).toEqual(expect.arrayContaining([...wanted].map((name) => name.toLowerCase())))
  })
})
