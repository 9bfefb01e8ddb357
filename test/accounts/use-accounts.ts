import { afterAll, beforeAll } from 'vitest'
import type { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { authenticate, type Credentials } from '../../src/accounts/authenticate.ts'
import { loadBlocklist, type Blocklist } from '../../src/accounts/password/blocklist.ts'
import { changePassword, type ChangeRequest } from '../../src/accounts/change-password.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { finishRecovery } from '../../src/accounts/recovery/finish-recovery.ts'
import { mailRecoveryLink } from '../../src/accounts/recovery/mail-recovery-link.ts'
import type { AccountMail } from '../../src/accounts/mailer.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import { createRefusalTime, type RefusalTime } from '../../src/accounts/refusal-time.ts'
import { createTrail, type Trail } from '../../src/audit/trail.ts'
import type { Audit } from '../../src/audit/create-audit.ts'
import type { AuditAction } from '../../src/audit/event.ts'
import type { tenantSchema } from '../../src/config/tenant-schema.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { createRedisStore } from '../../src/store/redis.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { setUpAudit, type AuditSetup } from '../audit/audit-setup.ts'
import { asRoot, ldapTool, ldapsearch } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'
import { testRedis } from '../support/redis.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../support/slapd.ts'
import { testTenant } from '../support/tenant.ts'

type Changes = Partial<z.input<typeof tenantSchema>>
type Setup = AuditSetup & {
  slapd: Slapd
  audit: Audit
  tenant: Tenant
  ephemeral: EphemeralStore
  /** The store as another replica has it. */
  second: EphemeralStore
  redisUrl: string
  blocklist: Blocklist
}

type Asked = {
  ended: { accountId: string; except: string | undefined }[]
  mails: { to: readonly string[]; mail: AccountMail }[]
}

/**
 * What people do with their own accounts, on a slapd of its own, with PostgreSQL and Redis; it lives as long
 * as the test file. `mails` and `ended` is what the acts asked of mail and sessions.
 */
export function useAccounts(options: { slapd?: SlapdOptions; changes?: Changes } = {}) {
  let setup: Setup
  const tenants: Tenant[] = []
  const ended: Asked['ended'] = []
  const mails: Asked['mails'] = []

  beforeAll(async () => {
    setup = await open(options)
    tenants.push(setup.tenant)
  })
  afterAll(async () => {
    await Promise.all(tenants.map(closeTenant))
    await close(setup)
  })

  const services = () => servicesOf(setup, { ended, mails })
  const accountId = (login: string) => accountIdIn(setup.tenant, login)

  return {
    setup: () => setup,
    services,
    mails,
    ended,
    accountId,
    open(changes: Changes): Tenant {
      const opened = testTenant(setup.slapd, changes)
      tenants.push(opened)
      return opened
    },
    signIn: (given: Partial<Credentials>, at: SignInAt = {}) => signIn(setup, services().trail, given, at),
    change: async (login: string, request: Partial<ChangeRequest>) =>
      changePassword(
        services(),
        setup.tenant,
        await accountId(login),
        {
          old: `pw-${login}`,
          password: '',
          origin: { address: '192.0.2.1' },
          ...request,
        },
        new Date(),
      ),
    /** Does the queued job; gives the token of the link that was mailed, if one was. */
    async link(identifier: string, of: Tenant = setup.tenant): Promise<string | null> {
      const before = mails.length
      await mailRecoveryLink(services(), of, identifier, { address: '192.0.2.1' }, new Date())
      return mails.length === before ? null : tokenOf(mails.at(-1)?.mail)
    },
    recover: (token: string, password: string) =>
      finishRecovery(
        services(),
        setup.tenant,
        { token, password, origin: { address: '192.0.2.1' } },
        new Date(),
      ),
    proves: (login: string, password: string) => proves(setup, login, password),
    modify: (login: string, lines: string) => modify(setup, login, lines),
    add: (ldif: string) => ldapTool('ldapmodify', asRoot(setup.slapd), ['-a'], ldif),
    attribute: (login: string, name: string) => attribute(setup, login, name),
    /** All values, of any entry. */
    attributeOf: (dn: string, name: string) => attributeOf(setup, dn, name),
    trace: async (login: string, action: AuditAction) => trace(setup.audit, await accountId(login), action),
  }
}

/** What the acts need; what they ask of sessions and mail is kept. */
function servicesOf({ audit, ephemeral, sealer, blocklist }: Setup, { ended, mails }: Asked) {
  return {
    trail: createTrail(audit, { clock: () => new Date(), onLost: () => {} }),
    ephemeral,
    sealer,
    passwordPolicy: { profile: 'nist', blocklist } as const,
    sessions: {
      endAll: async (_: Tenant, accountId: string, except?: string) => void ended.push({ accountId, except }),
    },
    mailer: {
      send: async (_: Tenant, to: { mail: readonly string[] }, mail: AccountMail) =>
        void mails.push({ to: to.mail, mail }),
    },
  }
}

async function open(options: { slapd?: SlapdOptions; changes?: Changes }): Promise<Setup> {
  const [slapd, stores, redisUrl] = await Promise.all([
    startSlapd(options.slapd ?? {}),
    setUpAudit(),
    testRedis(),
  ])
  const [ephemeral, second] = [createRedisStore(redisUrl), createRedisStore(redisUrl)]
  for (const store of [ephemeral, second]) await until(() => store.ping().then(() => true), { within: 5_000 })
  const tenant = testTenant(slapd, options.changes)
  const blocklist = await loadBlocklist([])
  return { ...stores, slapd, audit: stores.open(), tenant, ephemeral, second, redisUrl, blocklist }
}

async function close({ audit, ephemeral, second, database, slapd }: Setup): Promise<void> {
  await audit.settled()
  await Promise.all([ephemeral.close(), second.close(), database.close(), slapd.stop()])
}

/** Each replica has a `refusalTime`; without one it is that of a replica that has just started. */
type SignInAt = { store?: EphemeralStore; tenant?: Tenant; now?: Date; refusalTime?: RefusalTime }

const signIn = (
  { ephemeral, tenant: own }: Setup,
  trail: Trail,
  given: Partial<Credentials>,
  { store = ephemeral, tenant = own, now = new Date(), refusalTime = createRefusalTime() }: SignInAt,
) =>
  authenticate(
    { trail, refusalTime, ephemeral: store },
    tenant,
    { login: 'alice', password: 'wrong', address: '192.0.2.1', ...given },
    now,
  )

const dnOf = ({ slapd }: Setup, login: string) => `uid=${login},ou=people,${slapd.suffix}`

async function accountIdIn(tenant: Tenant, login: string): Promise<string> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody is named ${login}`)
  return accountIdOf(personRefOf(found.branch.directory, found.entry))
}

/** Behind the service's back; operational attributes too. */
async function modify(setup: Setup, login: string, lines: string): Promise<void> {
  const ldif = `dn: ${dnOf(setup, login)}\nchangetype: modify\n${lines}\n`
  await ldapTool('ldapmodify', asRoot(setup.slapd), ['-e', 'relax'], ldif)
}

/** What the audit says of a person's action, oldest first: result and code. */
async function trace(audit: Audit, accountId: string, action: AuditAction): Promise<string[]> {
  const [directory = '', id = ''] = accountId.split('.')
  const { items } = await audit.list('acme', { action, person: { directory, id }, limit: 200 })
  return items.map(({ result, code }) => [result, code].filter(Boolean).join(' ')).toReversed()
}

async function attribute(setup: Setup, login: string, name: string): Promise<string | null> {
  const found = await ldapsearch(asRoot(setup.slapd), dnOf(setup, login), '(objectClass=*)', name)
  return new RegExp(`^${name}::? (.*)$`, 'm').exec(found)?.[1] ?? null
}

async function attributeOf(setup: Setup, dn: string, name: string): Promise<string[]> {
  const found = await ldapsearch(asRoot(setup.slapd), dn, '(objectClass=*)', name)
  return [...found.matchAll(new RegExp(`^${name}::? (.*)$`, 'gm'))].map(([, value]) => value ?? '')
}

/** What the directory says to the password now. */
async function proves(setup: Setup, login: string, password: string): Promise<string> {
  const directory = setup.tenant.directories.get('main')
  return (await directory?.verifyPassword(toDn(dnOf(setup, login)), password))?.outcome ?? 'no directory'
}

function tokenOf(mail: AccountMail | undefined): string | null {
  return mail?.template === 'recovery' ? new URL(mail.link).searchParams.get('token') : null
}
