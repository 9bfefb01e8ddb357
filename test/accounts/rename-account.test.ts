import { describe, expect, test } from 'vitest'
import { renameAccount } from '../../src/accounts/rename-account.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { asRoot, ldapTool, ldapsearch } from '../support/ldap-tools.ts'
import { grantAgain, withholdRights } from '../support/withhold-rights.ts'
import { groupDn, useDesk } from './use-desk.ts'

const principalSchema = `
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.100.1 NAME 'testPrincipal' SUP top AUXILIARY MAY userPrincipalName )
`
const desk = useDesk({ slapd: { seed: { people: 60 }, globalLines: principalSchema } })
const now = new Date('2026-11-25T12:00:00Z')
const people = 'ou=people,dc=example,dc=org'

const rename = async (login: string, newLogin: string, agent = 'hugo') =>
  await renameAccount(
    desk.services(),
    await desk.permit(agent, 'account.rename'),
    login,
    { newLogin, origin: {} },
    now,
  )
const proves = async (login: string, password = `pw-${login}`) => {
  const directory = desk.tenant().directories.get('main')
  return (await directory?.verifyPassword(toDn(`uid=${login},${people}`), password))?.outcome
}
const events = async () =>
  (await desk.audit().list('acme', { action: 'account.rename', limit: 10 })).items.map(({ result, code }) => [
    result,
    code,
  ])

describe('a rename', () => {
  const addGroup = async (cn: string, member: string) =>
    await desk.change(
      `dn: ${groupDn(cn)}\nchangetype: add\nobjectClass: groupOfUniqueNames\ncn: ${cn}\nuniqueMember: ${member}\n`,
    )

  test('gives another login, by which the person signs in with their password, and keeps their groups', async () => {
    await addGroup('renamed', `uid=u000020,${people}`)
    const renamed = await rename('u000020', 'l.durand')
    expect(renamed).toMatchObject({ dn: `uid=l.durand,${people}`, failed: [] })
    expect(renamed.repaired).toContain(groupDn('renamed'))
    expect(await proves('l.durand', 'pw-u000020')).toBe('accepted')
    expect(await rename('l.durand', 'l.durand')).toMatchObject({ repaired: [], failed: [] })
    expect((await events())[0]).toEqual(['done', null])
  })

  test('changes a login that is no part of the DN, and the principal name that follows it', async () => {
    const dn = `cn=Nina Odd,${people}`
    const both =
      'objectClass: inetOrgPerson\nobjectClass: testPrincipal\ncn: Nina Odd\nsn: Odd\nuid: nina\nuid: nina.alias\nuserPrincipalName: Nina@acme.example'
    await desk.change(`dn: ${dn}\nchangetype: add\n${both}\nuserPassword: pw-nina-pw-nina\n`)
    expect(await rename('nina', 'nina.odd')).toEqual({ dn, repaired: [], failed: [], unsearched: [] })
    const found = await ldapTool('ldapsearch', asRoot(desk.slapd()), [
      '-LLL',
      '-b',
      dn,
      'uid',
      'userPrincipalName',
    ])
    expect(found.match(/uid: .*/g)?.toSorted()).toEqual(['uid: nina.alias', 'uid: nina.odd'])
    expect(found).toContain('userPrincipalName: nina.odd@acme.example')
    await expect(rename('nina.odd', 'u000024')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('refuses a login that somebody has, and one that is none', async () => {
    const fault = (reason: string) => ({ faults: [{ field: 'login', reason }] })
    await expect(rename('u000021', 'u000022')).rejects.toMatchObject(fault('login-taken'))
    await expect(rename('u000021', 'U000022')).rejects.toMatchObject(fault('login-taken'))
    for (const odd of ['', ' ', 'a b', '-x', 'a/b', 'a,b=c', 'x'.repeat(65)])
      await expect(rename('u000021', odd), odd).rejects.toMatchObject(fault('login'))
    await expect(rename('ada', 'somebody')).rejects.toMatchObject({ code: 'more-privileged' })
  })

  test('that died half-way is brought to its end by the same request', async () => {
    const old = `uid=u000023,${people}`
    await addGroup('half', old)
    await addGroup('other', old)
    // The directory dies between the rename and the repair.
    const { ephemeral } = desk.services()
    const kept = JSON.stringify({ id: `main.${await idOf('u000023')}`, dn: old, login: 'u000023' })
    await ephemeral.set('rename:acme:["u000023","brought"]', kept, 60)
    await ldapTool('ldapmodrdn', asRoot(desk.slapd()), ['-r', old, 'uid=brought'])

    expect((await rename('u000023', 'brought')).repaired.toSorted()).toEqual([
      groupDn('half'),
      groupDn('other'),
    ])
    await expect(rename('u000023', 'brought')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('whose groups go by the login keeps them, whether the login is the RDN or not', async () => {
    const dn = `cn=Paul Odd,${people}`
    const odd = 'objectClass: inetOrgPerson\ncn: Paul Odd\nsn: Odd\nuid: paul'
    await desk.change(`dn: ${dn}\nchangetype: add\n${odd}\nuserPassword: pw-paul-pw-paul\n`)
    await addPosixGroup('payroll', ['u000025', 'paul', 'somebody'])
    expect(await rename('u000025', 'new25')).toMatchObject({ repaired: [groupDn('payroll')], failed: [] })
    expect(await rename('paul', 'paula')).toMatchObject({ dn, repaired: [groupDn('payroll')], failed: [] })
    expect((await memberUids('payroll')).toSorted()).toEqual(['new25', 'paula', 'somebody'])
  })

  test('gives nobody the groups that name the new login already', async () => {
    const dn = `cn=Rose Odd,${people}`
    const odd = 'objectClass: inetOrgPerson\ncn: Rose Odd\nsn: Odd\nuid: rose'
    await desk.change(`dn: ${dn}\nchangetype: add\n${odd}\nuserPassword: pw-rose-pw-rose\n`)
    await addPosixGroup('treasury', ['heir'])
    const refused = { code: 'conflict', faults: [{ field: 'login', reason: 'login-in-group' }] }
    await expect(rename('u000026', 'heir')).rejects.toMatchObject(refused)
    await expect(rename('rose', 'heir')).rejects.toMatchObject(refused)
    expect(await desk.attribute('u000026', 'uid')).toBe('u000026')
  })

  test('that cannot be finished now is told, goes on without another reason, and hides nothing behind an error', async () => {
    const strict = desk.open({ desk: { reasonRequired: ['rename'] } })
    await addPosixGroup('stubborn', ['u000027'])
    await withholdRights(desk.slapd(), groupDn('stubborn'), ['memberUid'])
    const permit = await desk.permit('hugo', 'account.rename', strict)
    const asked = { newLogin: 'new27', origin: {} }
    const services = {
      ...desk.services(),
      trail: { ...desk.services().trail, record: () => Promise.reject(new Error('no audit')) },
    }
    expect(
      await renameAccount(services, permit, 'u000027', { ...asked, reason: 'married' }, now),
    ).toMatchObject({ failed: [groupDn('stubborn')] })
    await grantAgain(desk.slapd())
    expect(await renameAccount(desk.services(), permit, 'u000027', asked, now)).toMatchObject({
      repaired: [groupDn('stubborn')],
      failed: [],
    })
    expect(await memberUids('stubborn')).toEqual(['new27'])
  })

  async function addPosixGroup(cn: string, uids: readonly string[]): Promise<void> {
    const lines = uids.map((uid) => `memberUid: ${uid}\n`).join('')
    const ldif = `objectClass: posixGroup\ncn: ${cn}\ngidNumber: 7\n${lines}`
    await desk.change(`dn: ${groupDn(cn)}\nchangetype: add\n${ldif}`)
  }

  async function memberUids(cn: string): Promise<string[]> {
    const found = await ldapsearch(asRoot(desk.slapd()), groupDn(cn), '(objectClass=*)', 'memberUid')
    return [...found.matchAll(/^memberUid: (.*)$/gm)].map(([, uid]) => uid ?? '')
  }

  test('does not give the groups of somebody who is gone to anybody', async () => {
    await addGroup('left-behind', `uid=gone,${people}`)
    await expect(rename('gone', 'u000024')).rejects.toMatchObject({ code: 'not-found' })
    expect(await members('left-behind')).toContain(`uid=gone,${people}`)
  })

  async function idOf(login: string): Promise<string> {
    return String(await desk.attribute(login, 'entryUUID'))
  }

  async function members(cn: string): Promise<string> {
    return await ldapTool('ldapsearch', asRoot(desk.slapd()), ['-LLL', '-b', groupDn(cn), 'uniqueMember'])
  }
})
