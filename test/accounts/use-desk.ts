import { afterAll, beforeAll } from 'vitest'
import type { z } from 'zod'
import type { PersonActor } from '../../src/access/actor.ts'
import { Permit } from '../../src/access/permit.ts'
import { rolesOf } from '../../src/access/roles.ts'
import { actOnAccount, type Act } from '../../src/accounts/act-on-account.ts'
import { loadBlocklist } from '../../src/accounts/password/blocklist.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import type { AccountMail } from '../../src/accounts/mailer.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import { resetPassword, type ResetRequest } from '../../src/accounts/reset-password.ts'
import { openPeople, type TenantPeople } from '../../src/accounts/people/tenant-people.ts'
import { createTrail } from '../../src/audit/trail.ts'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { Permission } from '../../src/config/permission.ts'
import type { tenantSchema } from '../../src/config/tenant-schema.ts'
import { createRedisStore } from '../../src/store/redis.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { setUpAudit, type AuditSetup } from '../audit/audit-setup.ts'
import { asRoot, ldapmodify, ldapsearch } from '../support/ldap-tools.ts'
import { testRedis } from '../support/redis.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../support/slapd.ts'
import { testTenant } from '../support/tenant.ts'

export const groupDn = (name: string, suffix = 'dc=example,dc=org'): string =>
  `cn=${name},ou=groups,${suffix}`

type Changes = Partial<z.input<typeof tenantSchema>>

type DeskOptions = { slapd?: SlapdOptions; ldif?: string; changes?: Changes }

/**
 * A service desk over a slapd of its own, with PostgreSQL and Redis, that lives as long as the test file. `ldif`: changes made before the tests;
 * `changes`: of the tenant's configuration.
 */
export function useDesk(options: DeskOptions = {}) {
  const desk = openDesk(options)
  return { ...desk, ...agentsOf(desk), ...directoryOf(desk) }
}

function openDesk(options: DeskOptions) {
  let slapd: Slapd
  let stores: AuditSetup & { ephemeral: EphemeralStore }
  let audit: Audit
  let tenant: Tenant
  let people: TenantPeople
  const tenants: Tenant[] = []
  /** What the acts asked of sessions and mail. */
  const ended: string[] = []
  const mails: { to: readonly string[]; mail: AccountMail }[] = []

  beforeAll(async () => {
    slapd = await startSlapd(options.slapd ?? { seed: { people: 60 } })
    if (options.ldif !== undefined) await ldapmodify(asRoot(slapd), options.ldif)
    stores = { ...(await setUpAudit()), ephemeral: createRedisStore(await testRedis()) }
    audit = stores.open()
    tenant = open(options.changes)
    people = openPeople(tenant, () => {})
    await people.start()
  })
  afterAll(async () => {
    people.close()
    await Promise.all(tenants.map(closeTenant))
    await audit.settled()
    await Promise.all([stores.ephemeral.close(), stores.database.close(), slapd.stop()])
  })

  function open(changes: Changes = {}): Tenant {
    const opened = testTenant(slapd, changes)
    tenants.push(opened)
    return opened
  }

  const services = () => ({
    trail: createTrail(audit, { clock: () => new Date(), onLost: () => {} }),
    visibility: people.visibility,
    deskSearch: people.deskSearch,
    ephemeral: stores.ephemeral,
    sealer: stores.sealer,
    sessions: { endAll: async (_: Tenant, accountId: string) => void ended.push(accountId) },
    mailer: {
      send: async (_: Tenant, to: { mail: readonly string[] }, mail: AccountMail) =>
        void mails.push({ to: to.mail, mail }),
    },
  })
  const actor = (login: string, of: Tenant = tenant) => actorOf(of, login)
  const permit = async <P extends Permission>(login: string, permission: P, of: Tenant = tenant) =>
    Permit.for(await actor(login, of), permission)

  return {
    slapd: () => slapd,
    stores: () => stores,
    audit: () => audit,
    tenant: () => tenant,
    ended,
    mails,
    open,
    actor,
    permit,
    services,
  }
}

/** The person as their session makes them. */
async function actorOf(tenant: Tenant, login: string): Promise<PersonActor> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody is named ${login}`)
  const { branch, entry } = found
  const roles = await rolesOf(tenant, entry)
  const person = personRefOf(branch.directory, entry)
  return { kind: 'person', tenant, person, entry, roles, scopes: 'session' }
}

type OpenDesk = ReturnType<typeof openDesk>

/** What agents do. */
function agentsOf({ services, permit, tenant }: OpenDesk) {
  return {
    /** One of the four acts. */
    act: async (agent: string, act: Act, login: string, given: { reason?: string } = {}, of?: Tenant) =>
      await actOnAccount(
        services(),
        await permit(agent, `account.${act}`, of ?? tenant()),
        act,
        login,
        { reason: 'by phone', origin: {}, ...given },
        new Date(),
      ),
    reset: async (agent: string, login: string, request: Partial<ResetRequest> = {}, of?: Tenant) =>
      await resetPassword(
        { ...services(), passwordPolicy: { profile: 'nist', blocklist: await loadBlocklist([]) } },
        await permit(agent, 'account.reset', of ?? tenant()),
        login,
        { mustChange: true, notify: false, origin: {}, ...request },
        new Date(),
      ),
  }
}

/** The directory behind the service's back. */
function directoryOf({ slapd }: OpenDesk) {
  const dnOf = (login: string) => `uid=${login},ou=people,${slapd().suffix}`
  return {
    change: (ldif: string) => ldapmodify(asRoot(slapd()), ldif),
    modify: (login: string, lines: string) =>
      ldapmodify(asRoot(slapd()), `dn: ${dnOf(login)}\nchangetype: modify\n${lines}\n`),
    /** First value as ldapsearch prints it. */
    attribute: async (login: string, name: string) => {
      const found = await ldapsearch(asRoot(slapd()), dnOf(login), '(objectClass=*)', name)
      return new RegExp(`^${name}::? (.*)$`, 'm').exec(found)?.[1] ?? null
    },
  }
}
