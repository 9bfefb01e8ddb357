import { describe, expect, test } from 'vitest'
import { renameAccount } from '../../src/accounts/rename-account.ts'
import { asRoot, ldapTool, ldapmodify } from '../support/ldap-tools.ts'
import { testTenantConfig } from '../support/tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { password, suffix, useTwoDirectories } from './use-two-directories.ts'

const { desk, second, tenant, dnIn, proves, reset } = useTwoDirectories()

const rename = async (login: string, newLogin: string, of: Tenant = tenant()) =>
  await renameAccount(
    desk.services(),
    await desk.permit('hugo', 'account.rename', of),
    login,
    { newLogin, origin: {} },
    new Date(),
  )
const refused = (reason: string) => ({ code: 'conflict', faults: [{ field: 'login', reason }] })
const addInSecond = async (login: string) =>
  await ldapmodify(
    asRoot(second()),
    `dn: ${dnIn('second', login)}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ${login}\ncn: x\nsn: x\nuserPassword: pw-${login}\n`,
  )
const removeInSecond = async (login: string) =>
  await ldapTool('ldapdelete', asRoot(second()), [dnIn('second', login)])

describe('a rename where two directories share passwords by the login', () => {
  test('gives nobody the login of somebody in the other, so that nobody’s password there can be written', async () => {
    await addInSecond('bigboss')
    await removeInSecond('u000040')
    await expect(rename('u000040', 'bigboss')).rejects.toMatchObject(refused('login-taken'))
    await expect(reset('bigboss')).rejects.toMatchObject({ code: 'not-found' })
    expect(await proves('second', 'bigboss', 'pw-bigboss')).toMatchObject({ outcome: 'accepted' })
    expect(await proves('second', 'bigboss', password)).toMatchObject({ outcome: 'refused' })
  })

  test('does not cut the link to the person’s own password there', async () => {
    await expect(rename('u000041', 'new41')).rejects.toMatchObject(refused('login-linked'))
    await reset('u000041')
    expect(await proves('second', 'u000041', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('is made for somebody whom the other does not know, and still knows who is whom', async () => {
    await removeInSecond('u000042')
    expect(await rename('u000042', 'new42')).toMatchObject({ failed: [], unsearched: [] })
    expect(await reset('new42')).toMatchObject({ targets: [{ directory: 'main' }], isComplete: true })
  })

  test('is refused as well where it is only the other that leads here', async () => {
    const of = desk.open(theOtherLeadsHere())
    await removeInSecond('hugo')
    await addInSecond('upstairs')
    await removeInSecond('u000043')
    await expect(rename('u000043', 'upstairs', of)).rejects.toMatchObject(refused('login-taken'))
    await expect(rename('u000044', 'new44', of)).rejects.toMatchObject(refused('login-linked'))
    expect(await rename('u000043', 'new43', of)).toMatchObject({ failed: [] })
  })

  test('is refused as well where it is a password passed through that goes by the login', async () => {
    const [main, other] = tenant().config.directories
    if (main === undefined || other === undefined) throw new Error('no directory')
    const { passThrough } = main.passwords
    const of = desk.open({ directories: [{ ...main, passwords: { passThrough, alsoIn: [] } }, other] })
    await addInSecond('downstairs')
    await expect(rename('u000045', 'downstairs', of)).rejects.toMatchObject(refused('login-taken'))
    await expect(rename('u000045', 'new45', of)).rejects.toMatchObject(refused('login-linked'))
  })
})

/** Only the second directory has a rule, and people sign in by both. */
function theOtherLeadsHere() {
  const people = `ou=people,${desk.slapd().suffix}`
  const [main] = testTenantConfig(desk.slapd()).directories
  const [other] = testTenantConfig(second()).directories
  if (main === undefined || other === undefined) throw new Error('no directory')
  const alsoIn = [{ directory: 'main', base: people, attribute: 'uid', from: 'uid' }]
  const both = {
    signIn: [
      { directory: 'main', base: people },
      { directory: 'second', base: `ou=people,${suffix}` },
    ],
  }
  const { uses } = testTenantConfig(desk.slapd())
  return {
    directories: [main, { ...other, name: 'second', passwords: { passThrough: [], alsoIn } }],
    uses: { ...uses, ...both },
  }
}
