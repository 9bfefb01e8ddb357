import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { measureAccounts } from '../../src/accounts/measure-accounts.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { configure } from '../directory/doctor/right-setup.ts'
import { asRoot, ldapsearch } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { openTestTenant, testTenantConfig } from '../support/tenant.ts'

const HALF_A_DAY = 43_200_000

let slapd: Slapd
/** Noon of the day on which person 100 has just changed the password; each other day of the 100 before has two people. They end after 90. */
let noon: Date
const opened: Tenant[] = []

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 200, lived: true } })
  const found = await ldapsearch(asRoot(slapd), slapd.suffix, '(uid=u000100)', 'pwdChangedTime')
  const [, year, month, day] = /pwdChangedTime: (\d{4})(\d\d)(\d\d)/.exec(found) ?? []
  noon = new Date(new Date(`${year}-${month}-${day}T00:00:00Z`).getTime() + HALF_A_DAY)
})
afterEach(async () => await Promise.all(opened.splice(0).map(closeTenant)))
afterAll(async () => await slapd.stop())

function open(change: (config: ReturnType<typeof testTenantConfig>) => object = () => ({})): Tenant {
  const config = testTenantConfig(slapd)
  const tenant = openTestTenant({ ...config, ...change(config) })
  opened.push(tenant)
  return tenant
}

const measured = async (tenant: Tenant) => {
  const { people, inState } = await measureAccounts(tenant, noon)
  return { people, ...Object.fromEntries(inState) }
}

const all = { people: 200, locked: 2, 'password-expired': 20, 'password-expiring': 14 }

test('counts everyone, who is locked, whose password has expired, and whose does so within 7 days', async () => {
  expect(await measured(open())).toEqual(all)
})

test('somebody who is in two branches counts once', async () => {
  const twice = open(({ uses }) => ({
    uses: { ...uses, signIn: [...uses.signIn, { directory: 'main', base: slapd.suffix }] },
  }))
  expect(await measured(twice)).toEqual(all)
})

test.for([
  ['pwdChangedTime', { people: 200, locked: 2 }],
  ['pwdPolicySubentry', { people: 200, locked: 2 }],
  ['pwdAccountLockedTime', { people: 200, 'password-expired': 20, 'password-expiring': 14 }],
] as const)('where %s is hidden there is no figure of it, and no 0', async ([attribute, seen]) => {
  const database = 'dn: olcDatabase={2}mdb,cn=config\nchangetype: modify\n'
  const rule = `{0}to attrs=${attribute} by dn.exact="${slapd.appDn}" none by * break`
  await configure(slapd, `${database}add: olcAccess\nolcAccess: ${rule}\n`)
  try {
    expect(await measured(open())).toEqual(seen)
  } finally {
    await configure(slapd, `${database}delete: olcAccess\nolcAccess: {0}\n`)
  }
})

test('without a policy that is seen, nobody is said not to be locked', async () => {
  const without = open(({ directories }) => ({
    directories: directories.map(({ defaultPolicy: _, ...one }) => one),
  }))
  expect(await measured(without)).toEqual({ people: 200 })
})

test('a directory that is away has no figures', async () => {
  const away = open(({ directories }) => ({
    directories: directories.map((one) => ({ ...one, urls: ['ldap://127.0.0.1:1'] })),
  }))
  await expect(measured(away)).rejects.toMatchObject({ code: 'directory-unavailable' })
})
