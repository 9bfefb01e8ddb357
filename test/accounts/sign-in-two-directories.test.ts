import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { useAccounts } from './use-accounts.ts'

const accounts = useAccounts({ slapd: { seed: { people: 20 } } })
let second: Slapd
let tenant: Tenant

beforeAll(async () => {
  second = await startSlapd({ suffix: 'dc=guests,dc=example', seed: { people: 20 } })
  const visitor = `dn: uid=visitor,ou=people,${second.suffix}\nchangetype: add\nobjectClass: inetOrgPerson\nsn: Visitor\ncn: Visitor\nuserPassword: pw-visitor\n`
  await ldapmodify(asRoot(second), visitor)
  const { slapd } = accounts.setup()
  const branches = [
    { directory: 'staff', base: `ou=people,${slapd.suffix}` },
    // Branches may overlap: one entry found twice is one person.
    { directory: 'guests', base: second.suffix },
    { directory: 'guests', base: `ou=people,${second.suffix}` },
  ]
  tenant = accounts.open({
    directories: [directory('staff', slapd, 'STAFF'), directory('guests', second, 'GUESTS')],
    uses: { signIn: branches, desk: [], groups: [], whitePages: [] },
    roles: [],
  })
})
afterAll(() => second.stop())

function directory(name: string, { url, suffix, appDn: dn, appPassword: password }: Slapd, domain: string) {
  const defaultPolicy = `cn=default,ou=policies,${suffix}`
  return {
    name,
    kind: 'openldap' as const,
    urls: [url],
    bind: { dn, password },
    defaultPolicy,
    domains: [domain],
  }
}

const signIn = (login: string, password: string) => accounts.signIn({ login, password }, { tenant })

describe('over two directories', () => {
  test('a person of either signs in', async () => {
    const { outcome } = await signIn('visitor', 'pw-visitor')
    expect(outcome).toBe('signed-in')
  })

  test('a name that both have is refused, and with its domain each of the two signs in', async () => {
    const refused = { outcome: 'refused', reason: 'wrong' }
    expect(await signIn('alice', 'pw-alice')).toEqual(refused)
    for (const name of ['staff', 'guests']) {
      const result = await signIn(`${name.toUpperCase()}\\alice`, 'pw-alice')
      expect(result).toMatchObject({ outcome: 'signed-in', person: { directory: name, login: 'alice' } })
    }
  })

  test('while one is away, a name could be one of its people’s: only those whose domain is said sign in', async () => {
    await second.kill()
    const away = { code: 'directory-unavailable' }
    await expect(signIn('GUESTS\\visitor', 'pw-visitor')).rejects.toMatchObject(away)
    await expect(signIn('alice', 'pw-alice')).rejects.toMatchObject(away)
    expect(await signIn('STAFF\\alice', 'pw-alice')).toMatchObject({ outcome: 'signed-in' })
  })
})
