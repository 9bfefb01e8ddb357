import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stateNames } from '../../src/directory/account-state.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { toDn, type Dn } from '../../src/ldap/dn.ts'
import { filterAttributes } from '../../src/ldap/filter-attributes.ts'
import { accepted, kindsOf } from '../directory/suite/suite.ts'
import { asRoot, ldapmodify, ldapsearch, type Target } from '../support/ldap-tools.ts'
import type { Slapd } from '../support/slapd.ts'
import { documentedSlapd, passwordOf, peopleCount, personDn, secrets, suffix } from './documented-slapd.ts'

describe.each(['2.5', '2.6'] as const)('docs/directories.md, done on a bare slapd %s', (version) => {
  let slapd: Slapd
  let directory: Directory
  beforeAll(async () => {
    const documented = await documentedSlapd(version)
    slapd = documented.slapd
    directory = openDirectory(documented.config, 'openldap')
    // A server that records sign-ins is known by one that is recorded.
    await directory.verifyPassword(personDn(6), passwordOf(6))
  })
  afterAll(async () => {
    await directory.close()
    await slapd.stop()
  })

  const state = async (dn: Dn) => {
    const entry = await directory.read(dn, directory.stateAttributes)
    if (entry === null) throw new Error(`no entry ${dn}`)
    return await directory.accountState(entry, new Date())
  }
  const kinds = async (dn: Dn) => kindsOf(await state(dn))
  const bind = async (dn: Dn, password: string) => (await directory.verifyPassword(dn, password)).outcome
  const reset = (dn: Dn, password: string, mustChange = false) =>
    directory.setPassword(dn, accepted(password), { mustChange })
  const asService = (): Target => ({
    url: slapd.url,
    dn: `cn=idaas,ou=services,${suffix}`,
    password: secrets.service,
  })

  it('shows everybody’s state under the policy for everyone', async () => {
    expect(await state(personDn(1))).toMatchObject({
      canSignIn: true,
      enforced: true,
      policy: { dn: `cn=default,ou=policies,${suffix}`, source: 'default' },
    })
  })

  it('lets agents reset, and is held to the policy: write, not manage', async () => {
    const [dn, first] = [personDn(2), 'a new password 1']
    expect(await reset(dn, first, true)).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await directory.verifyPassword(dn, first)).toMatchObject({ outcome: 'accepted', mustChange: true })
    expect(await reset(dn, 'short')).toEqual({ outcome: 'refused', reason: 'too-short' })
    expect(await reset(dn, 'a new password 2')).toMatchObject({ outcome: 'written' })
    expect(await reset(dn, first)).toEqual({ outcome: 'refused', reason: 'in-history' })
  })

  it('lets people change their own password', async () => {
    const changed = await directory.changePassword(
      personDn(3),
      passwordOf(3),
      accepted('one of my own choice'),
    )
    expect(changed).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await bind(personDn(3), 'one of my own choice')).toBe('accepted')
  })

  it('locks by wrong passwords, and lets agents unlock, lock, disable, force a change and set dates', async () => {
    const dn = personDn(4)
    for (let tries = 0; tries < 10; tries++) await bind(dn, 'wrong')
    expect(await kinds(dn)).toContain('locked')
    expect(await directory.unlock(dn)).toBe('done')
    expect(await bind(dn, passwordOf(4))).toBe('accepted')
    const now = new Date()
    expect(await directory.lock(dn, now)).toBe('done')
    expect(await directory.disable(dn, now)).toBe('done')
    expect(await directory.requireChange(dn, true)).toBe('done')
    expect(await directory.setValidity(dn, { until: now })).toBe('done')
    expect(await kinds(dn)).toEqual(expect.arrayContaining(['locked', 'disabled', 'must-change', 'ended']))
    await directory.unlock(dn)
    await directory.enable(dn)
    await directory.requireChange(dn, false)
    await directory.setValidity(dn, { until: null })
    expect(await kinds(dn)).toEqual([])
    expect(await bind(dn, passwordOf(4))).toBe('accepted')
  })

  it('lists everybody, beyond the size limit, and sees who never signed in and who has no password', async () => {
    const nobodys = `dn: ${personDn(5)}\nchangetype: modify\ndelete: userPassword\n`
    await ldapmodify(asRoot(slapd), nobodys)
    const listed = await Array.fromAsync(
      directory.list({
        base: toDn(`ou=people,${suffix}`),
        filter: directory.people,
        attributes: directory.stateAttributes,
      }),
    )
    expect(listed).toHaveLength(peopleCount)
    expect(await kinds(personDn(6))).toEqual([])
    expect(await kinds(personDn(5))).toEqual(expect.arrayContaining(['no-password', 'never-signed-in']))
  })

  it('has a decoy and a service account that no wrong password locks', async () => {
    const decoy = toDn(directory.settings.decoy ?? '')
    for (const dn of [decoy, toDn(asService().dn ?? '')]) {
      const tries = Array.from({ length: 12 }, () => bind(dn, 'wrong'))
      expect(new Set(await Promise.all(tries))).toEqual(new Set(['refused']))
    }
    expect(await bind(decoy, secrets.decoy)).toBe('accepted')
    expect(await bind(toDn(asService().dn ?? ''), secrets.service)).toBe('accepted')
    const own = await ldapsearch(asRoot(slapd), decoy, '(objectClass=*)', 'userPassword')
    expect(own).toContain(`userPassword:: ${Buffer.from('{SSHA}').toString('base64').slice(0, 8)}`)
  })

  it('shows the service account no password but those of people', async () => {
    const seen = (base: string) =>
      ldapsearch(asService(), base, '(objectClass=*)', 'userPassword', 'pwdHistory')
    expect(await seen(`ou=services,${suffix}`)).not.toContain('userPassword')
    // Somebody who has a password before this one.
    expect(await seen(personDn(2))).toMatch(/^dn: .*\nuserPassword:: .*\n\n$/)
  })

  it('gives somebody another login, and repairs what holds the DN', async () => {
    const renamed = await directory.rename(personDn(1), { rdn: { attribute: 'uid', value: 'another' } })
    expect(renamed).toMatchObject({ failed: [] })
    const holders = `(|(member=${personDn(1)})(manager=${personDn(1)}))`
    expect(await ldapsearch(asRoot(slapd), suffix, holders, '1.1')).toBe('')
    const taken = directory.rename(personDn(7), { rdn: { attribute: 'uid', value: 'p8' } })
    await expect(taken).rejects.toMatchObject({ code: 'conflict' })
  })

  it('may repair what holds a DN where refint does not', async () => {
    const set = (dn: string, names: readonly string[]) =>
      ldapmodify(
        asService(),
        `dn: ${dn}\nchangetype: modify\n${names.map((name) => `replace: ${name}\n${name}: ${personDn(13)}\n-\n`).join('')}`,
      )
    await set(personDn(14), ['manager', 'secretary', 'seeAlso'])
    await set(`cn=everyone,ou=groups,${suffix}`, ['member', 'owner'])
    await expect(set(personDn(14), ['mail'])).rejects.toThrow('Insufficient access')
  })

  it('keeps one login and one mail address for one person, and a manager through another tool’s rename', async () => {
    const also = (name: string, value: string) =>
      ldapmodify(asRoot(slapd), `dn: ${personDn(9)}\nchangetype: modify\nadd: ${name}\n${name}: ${value}\n`)
    await expect(also('mail', 'p10@acme.example')).rejects.toThrow('Constraint violation')
    await expect(also('uid', 'p10')).rejects.toThrow('Constraint violation')
    const manages = `dn: ${personDn(11)}\nchangetype: modify\nreplace: manager\nmanager: ${personDn(12)}\n`
    await ldapmodify(asRoot(slapd), manages)
    await ldapmodify(
      asRoot(slapd),
      `dn: ${personDn(12)}\nchangetype: modrdn\nnewrdn: uid=chief\ndeleteoldrdn: 1\n`,
    )
    const manager = await ldapsearch(asRoot(slapd), personDn(11), '(objectClass=*)', 'manager')
    expect(manager).toContain(`manager: uid=chief,ou=people,${suffix}`)
  })

  it('has an index for every filter by which people are found and reported', async () => {
    const config = { url: slapd.ldapiUrl, external: true }
    const lines = await ldapsearch(config, 'cn=config', '(olcDbIndex=*)', 'olcDbIndex')
    const indexed = [...lines.matchAll(/^olcDbIndex: (\S+) /gm)].flatMap(([, names = '']) => names.split(','))
    const filters = await Promise.all(stateNames.map((name) => directory.stateFilter(name, new Date())))
    const asked = [directory.people, directory.groups, directory.idFilter(''), ...filters].flatMap(
      filterAttributes,
    )
    const { signIn, manager, photo } = directory.attributes
    const wanted = new Set([...asked, ...signIn, manager, photo, 'member', 'uniqueMember', 'memberUid'])
    // Told beside the block: for those who have the schema. Of the others no index helps: nearly everybody has one.
    for (const name of ['supannRessourceEtat', 'authTimestamp', 'shadowExpire', 'userPassword'])
      wanted.delete(name)
    expect(indexed).toEqual(expect.arrayContaining([...wanted]))
  })
})
