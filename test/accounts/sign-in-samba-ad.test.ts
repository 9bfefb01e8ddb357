import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { authenticate } from '../../src/accounts/authenticate.ts'
import { changePassword } from '../../src/accounts/change-password.ts'
import { loadBlocklist } from '../../src/accounts/password/blocklist.ts'
import { createRefusalTime } from '../../src/accounts/refusal-time.ts'
import type { SignInResult } from '../../src/accounts/sign-in-result.ts'
import { createTrail } from '../../src/audit/trail.ts'
import { createMemoryStore } from '../../src/store/ephemeral-memory.ts'
import { createSealer } from '../../src/store/seal.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { setUpAudit, type AuditSetup } from '../audit/audit-setup.ts'
import { sambaServer, type SambaServer } from '../directory/samba-server.ts'
import type { TestPerson } from '../directory/directory-server.ts'
import { until } from '../support/poll.ts'
import { openTestTenant, testTenantConfig } from '../support/tenant.ts'

let server: SambaServer
let tenant: Tenant
let stores: AuditSetup
let audit: ReturnType<AuditSetup['open']>
beforeAll(async () => {
  ;[server, stores] = await Promise.all([sambaServer(), setUpAudit()])
  audit = stores.open()
  const people = { directory: 'main', base: server.people }
  const { config } = server
  const slapd = { url: server.ad.ldapsUrl, suffix: server.ad.baseDn, appDn: '', appPassword: '' }
  const settings = testTenantConfig({ ...slapd, appDn: server.ad.appDn, appPassword: server.ad.appPassword })
  tenant = openTestTenant({
    ...settings,
    directories: [{ ...config, kind: 'active-directory', domains: ['LAB', 'lab.example'] }],
    uses: { signIn: [people], desk: [people], whitePages: [], groups: [] },
    roles: [],
  })
})
afterAll(async () => {
  await closeTenant(tenant)
  await audit.settled()
  await Promise.all([stores.database.close(), server.stop()])
})

const ephemeral = createMemoryStore()
const services = () => ({
  ephemeral,
  trail: createTrail(audit, { clock: () => new Date(), onLost: () => {} }),
  refusalTime: createRefusalTime(),
})
let lastAddress = 0
const signIn = (login: string, password: string): Promise<SignInResult> =>
  authenticate(services(), tenant, { login, password, address: `198.51.100.${++lastAddress}` }, new Date())

const refused = { outcome: 'refused', reason: 'wrong' }

describe('a person of an Active Directory', () => {
  test('signs in by each of their names', async () => {
    const { login, password } = server.person(1)
    for (const name of [
      login,
      `${login}@lab.example`,
      `LAB\\${login}`,
      `lab\\${login.toUpperCase()}`,
      `${login}@mail.example`,
    ])
      expect(await signIn(name, password), name).toMatchObject({ outcome: 'signed-in' })
    for (const name of [`OTHER\\${login}`, `${login}@other.example`])
      expect(await signIn(name, password), name).toEqual(refused)
  })

  test.each([
    ['may not sign in at this hour (530)', 'logonHours', Buffer.alloc(21)],
    ['may not sign in from here (531)', 'userWorkstations', 'ELSEWHERE'],
    ['is disabled (533)', 'userAccountControl', '514'],
    ['has come to an end (701)', 'accountExpires', '130000000000000000'],
  ])('who %s is refused as if the password were wrong', async (what, attribute, value) => {
    const person = server.person(10 + what.length)
    await server.set(person, attribute, value)
    expect(await signIn(person.login, person.password)).toEqual(refused)
    expect(await signIn(person.login, 'wrong')).toEqual(refused)
  })

  test.each<[string, (person: TestPerson) => Promise<void>]>([
    ['was reset (773)', (person) => server.cause.mustChange(person)],
    ['has expired (532)', expire],
  ])('whose password %s chooses another one, and is in', async (what, cause) => {
    const person = server.person(80 + what.length)
    await cause(person)
    expect(await signIn(person.login, 'wrong')).toEqual(refused)
    const result = await signIn(person.login, person.password)
    expect(result).toMatchObject({ outcome: 'must-change' })
    if (result.outcome !== 'must-change') return
    const fresh = 'Something-quite-different-7'
    await changePassword(
      {
        ...services(),
        sealer: createSealer(['q83vEjRWeJDerb7v_3sYyc4BHR6wYPWqTn6SmwlzKko']),
        passwordPolicy: { profile: 'directory', blocklist: await loadBlocklist([]) },
        sessions: { endAll: () => Promise.resolve() },
        mailer: { send: () => Promise.resolve() },
      },
      tenant,
      accountIdOf(result.person),
      { old: person.password, password: fresh, origin: {} },
      new Date(),
    )
    expect(await signIn(person.login, person.password)).toEqual(refused)
    expect(await signIn(person.login, fresh)).toMatchObject({ outcome: 'signed-in' })
  })
})

async function expire(person: TestPerson): Promise<void> {
  await server.cause.policy(person, { maxAge: 1 })
  const directory = tenant.directories.get('main')
  await until(
    async () => {
      const entry = await directory?.read(person.dn, directory.stateAttributes)
      const state = entry ? await directory?.accountState(entry, new Date()) : undefined
      return state?.conditions.some(({ kind }) => kind === 'password-expired')
    },
    { within: 5_000, every: 50 },
  )
}
