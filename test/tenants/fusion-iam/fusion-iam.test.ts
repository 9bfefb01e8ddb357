import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Permit } from '../../../src/access/permit.ts'
import { rolesOf } from '../../../src/access/roles.ts'
import { authenticate } from '../../../src/accounts/authenticate.ts'
import { everyAttribute, findByLogin } from '../../../src/accounts/find-entry.ts'
import { personRefOf } from '../../../src/accounts/person.ts'
import { readAccount } from '../../../src/accounts/read-account.ts'
import { createRefusalTime } from '../../../src/accounts/refusal-time.ts'
import { openPeople, type TenantPeople } from '../../../src/accounts/people/tenant-people.ts'
import { createTrail } from '../../../src/audit/trail.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { createRedisStore } from '../../../src/store/redis.ts'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import { closeTenant } from '../../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { setUpAudit, type AuditSetup } from '../../audit/audit-setup.ts'
import { environment } from '../../config/config-folder.ts'
import { asApp, asRoot, ldapmodify, ldapsearch } from '../../support/ldap-tools.ts'
import { testRedis } from '../../support/redis.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { openTestTenant } from '../../support/tenant.ts'
import { fusionIamLdif, suffix, supannSchema } from './fusion-iam-ldif.ts'

const yaml = join(import.meta.dirname, 'fusion-iam.yaml')

let slapd: Slapd
let stores: AuditSetup
let audit: ReturnType<AuditSetup['open']>
let ephemeral: EphemeralStore
let tenant: Tenant
let people: TenantPeople

beforeAll(async () => {
  const { TMPDIR = '/tmp' } = process.env
  const ldif = join(TMPDIR, `fusion-iam-${process.pid}.ldif`)
  await writeFile(ldif, fusionIamLdif)
  slapd = await startSlapd({
    suffix,
    seed: { ldif },
    passwordHash: '{ARGON2}',
    overlays: ['memberof', 'refint', 'ppolicy', 'dynlist', 'accesslog'],
    globalLines: supannSchema,
  })
  stores = await setUpAudit()
  audit = stores.open()
  ephemeral = createRedisStore(await testRedis())
  const env = { ...environment, LDAP_URL: slapd.url, LDAP_PASSWORD: slapd.appPassword, IDAAS_CONFIG: yaml }
  const { config } = await loadConfig(env)
  const [only] = config.tenants
  if (only === undefined) throw new Error('a tenant was expected')
  tenant = openTestTenant(only)
  people = openPeople(tenant, () => {})
  await people.start()
})
afterAll(async () => {
  people.close()
  await closeTenant(tenant)
  await audit.settled()
  await Promise.all([ephemeral.close(), stores.database.close(), slapd.stop()])
})

const signIn = (login: string, password: string) =>
  authenticate(
    {
      ephemeral,
      trail: createTrail(audit, { clock: () => new Date(), onLost: () => {} }),
      refusalTime: createRefusalTime(),
    },
    tenant,
    { login, password, address: '192.0.2.1' },
    new Date(),
  )

async function actor(login: string) {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody is named ${login}`)
  const person = personRefOf(found.branch.directory, found.entry)
  const roles = await rolesOf(tenant, found.entry)
  return { kind: 'person', tenant, person, entry: found.entry, roles, scopes: 'session' } as const
}

const rolesFor = async (login: string) => (await actor(login)).roles.map(({ name }) => name)

describe('a directory of FusionIAM, taken over as it is', () => {
  test('needs fewer than 40 lines of configuration', async () => {
    expect((await readFile(yaml, 'utf8')).trimEnd().split('\n').length).toBeLessThan(40)
  })

  test.each(['anna', 'anna.martin@acme.example', 'amartin'])('signs a person in as %s', async (name) => {
    expect(await signIn(name, 'pw-anna')).toMatchObject({
      outcome: 'signed-in',
      person: { dn: `uid=anna,ou=users,o=acme,${suffix}` },
    })
  })

  test('signs in guests, people of both organisations and administrators, wherever they are in the tree', async () => {
    for (const login of ['guest1', 'bob', 'paul', 'root1'])
      expect(await signIn(login, `pw-${login}`), login).toMatchObject({ outcome: 'signed-in' })
  })

  test('lets nobody in by a login that two have, and each by their mail', async () => {
    expect(await signIn('twin', 'pw-twin')).toEqual({ outcome: 'refused', reason: 'wrong' })
    expect(await signIn('twin@town.example', 'pw-twin')).toMatchObject({
      person: { dn: `uid=twin,ou=users,o=town,${suffix}` },
    })
  })

  test('refuses whom SupAnn says is inactive, although the directory would let them in', async () => {
    expect(await signIn('gone', 'pw-gone')).toEqual({ outcome: 'refused', reason: 'wrong' })
  })

  test('gives roles by nested and by dynamic groups', async () => {
    expect(await rolesFor('root1')).toEqual(['desk', 'town-desk'])
    expect(await rolesFor('paul')).toEqual(['town-desk'])
    expect(await rolesFor('anna')).toEqual([])
    expect(await rolesFor('guest1')).toEqual([])
  })

  test('shows an agent each account under the policy of its population, and who closed it', async () => {
    const permit = Permit.for(await actor('root1'), 'account.read')
    const state = async (login: string) => (await readAccount(people, permit, login, new Date())).state
    expect(await state('anna')).toMatchObject({
      canSignIn: true,
      policy: { dn: `cn=staff,ou=policies,${suffix}`, source: 'default' },
    })
    expect(await state('bob')).toMatchObject({
      policy: { dn: `cn=students,ou=policies,${suffix}`, source: 'entry' },
    })
    expect(await state('gone')).toMatchObject({
      canSignIn: false,
      conditions: [{ kind: 'closed-elsewhere', how: 'resource-state' }],
    })
  })

  test('keeps an agent of one organisation out of the other', async () => {
    const permit = Permit.for(await actor('paul'), 'account.read')
    await expect(readAccount(people, permit, 'bob', new Date())).rejects.toMatchObject({ code: 'not-found' })
    expect((await readAccount(people, permit, 'paul', new Date())).person.login).toBe('paul')
  })

  test('was not written to by the service account', async () => {
    const someone = `dn: uid=anna,ou=users,o=acme,${suffix}\nchangetype: modify\nreplace: title\ntitle: x\n`
    await ldapmodify(asRoot(slapd), someone)
    const log = await ldapsearch(asApp(slapd), 'cn=accesslog', '(objectClass=auditWriteObject)', 'reqAuthzID')
    const writers = new Set([...log.matchAll(/^reqAuthzID: (.*)$/gm)].map(([, dn]) => dn))
    expect(writers).toContain(slapd.rootDn)
    expect(writers).not.toContain(slapd.appDn)
  })
})
