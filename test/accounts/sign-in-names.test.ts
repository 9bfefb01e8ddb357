import { describe, expect, test } from 'vitest'
import { namesOf } from '../../src/accounts/find-for-sign-in.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { forgetGuesses } from '../../src/accounts/attempt-limit.ts'
import { useAccounts } from './use-accounts.ts'

const suffix = 'dc=example,dc=org'
const decoy = `cn=decoy,ou=services,${suffix}`
const directory = {
  name: 'main',
  kind: 'openldap' as const,
  attributes: { signIn: ['uid', 'mail', 'employeeNumber'] },
  domains: ['ACME', 'acme.example'],
  decoy,
}
const people = { directory: 'main', base: `ou=people,${suffix}` }
const accounts = useAccounts({
  slapd: { seed: { people: 60 } },
  changes: { signIn: { maxFailuresPerAccount: 5, maxFailuresPerAddress: 1_000 } },
})
let lastAddress = 0
const signIn = async (login: string, password: string) => {
  const { slapd } = accounts.setup()
  const { url, appDn: dn, appPassword } = slapd
  tenant ??= accounts.open({
    directories: [
      {
        ...directory,
        urls: [url],
        bind: { dn, password: appPassword },
        defaultPolicy: `cn=default,ou=policies,${suffix}`,
      },
    ],
    uses: { signIn: [people], desk: [people], groups: [], whitePages: [] },
    roles: [],
    signIn: { maxFailuresPerAccount: 5, maxFailuresPerAddress: 1_000 },
  })
  return await accounts.signIn({ login, password, address: `198.51.100.${++lastAddress}` }, { tenant })
}
let tenant: ReturnType<typeof accounts.open> | undefined

const refused = { outcome: 'refused', reason: 'wrong' }

describe('a person', () => {
  test.each([
    'u000010',
    'U000010',
    'ACME\\u000010',
    'acme\\U000010',
    'u000010@acme.example',
    'u000010@ACME.example',
  ])('signs in as %s', async (name) => {
    expect(await signIn(name, 'pw-u000010')).toMatchObject({ outcome: 'signed-in' })
  })

  test('signs in by mail address and by another attribute', async () => {
    await accounts.modify('u000011', 'replace: employeeNumber\nemployeeNumber: X-4711')
    const mail = await accounts.attribute('u000011', 'mail')
    for (const name of ['X-4711', mail ?? ''])
      expect(await signIn(name, 'pw-u000011')).toMatchObject({ outcome: 'signed-in' })
  })

  test.each(['OTHER\\u000010', 'u000010@other.example', '\\u000010', 'ACME\\', 'ACME\\*', '*'])(
    'is nobody as %s',
    async (name) => {
      expect(await signIn(name, 'pw-u000010')).toEqual(refused)
    },
  )

  test('is refused by a name that another person has too, and the audit knows why', async () => {
    await accounts.modify('u000012', 'replace: employeeNumber\nemployeeNumber: u000013')
    expect(await signIn('u000013', 'pw-u000013')).toEqual(refused)
    const { items } = await accounts.setup().audit.list('acme', { action: 'sign-in', limit: 1 })
    expect(items).toMatchObject([{ actor: { kind: 'anonymous' }, result: 'refused', code: 'ambiguous' }])
    expect(await signIn('ACME\\u000013', 'pw-u000013')).toMatchObject({ outcome: 'signed-in' })
  })
})

describe('whoever guesses', () => {
  test('gains no tries by a person’s other names, and learns nothing by that', async () => {
    const mail = (await accounts.attribute('u000020', 'mail')) ?? ''
    for (let n = 0; n < 5; n++) expect(await signIn(n % 2 === 0 ? 'u000020' : mail, 'wrong')).toEqual(refused)
    await accounts.modify('u000020', 'delete: pwdFailureTime').catch(() => {})
    await accounts.modify('u000020', 'delete: pwdAccountLockedTime').catch(() => {})
    // The password is right, and not even tried.
    expect(await signIn('ACME\\u000020', 'pw-u000020')).toEqual(refused)
    expect(await accounts.trace('u000020', 'sign-in')).toContain('refused too-many-attempts')

    const found = await findByLogin(accounts.setup().tenant, 'signIn', 'u000020', everyAttribute)
    if (found === null || tenant === undefined) throw new Error('nobody')
    const accountId = await accounts.accountId('u000020')
    const main = tenant.directories.get('main')
    if (main === undefined) throw new Error('no directory')
    const names = namesOf(main, found.entry)
    expect(names).toEqual(expect.arrayContaining(['u000020', mail, 'ACME\\u000020', 'u000020@acme.example']))
    await forgetGuesses(accounts.setup().ephemeral, 'acme', { accountId, names })
    expect(await signIn('ACME\\u000020', 'pw-u000020')).toMatchObject({ outcome: 'signed-in' })
  })

  test('at a login that nobody has tries the decoy, and at a locked account too', async () => {
    await accounts.add(`dn: ${decoy}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: decoy
userPassword: nobody knows
`)
    const heard = async () => {
      const found = await accounts.attributeOf(decoy, 'pwdFailureTime')
      return found.length
    }
    await signIn('nobody-at-all', 'wrong')
    expect(await heard()).toBe(1)
    await accounts.modify('u000030', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    expect(await signIn('u000030', 'pw-u000030')).toMatchObject({ outcome: 'refused' })
    expect(await heard()).toBe(2)
    expect(await accounts.attribute('u000030', 'pwdFailureTime')).toBeNull()
    await signIn('u000031', 'wrong')
    expect(await heard()).toBe(2)
  })
})
