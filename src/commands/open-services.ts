import { pino, type Logger } from 'pino'
import { createQueuedMailer } from '../accounts/queued-mailer.ts'
import { loadBlocklist } from '../accounts/password/blocklist.ts'
import type { PasswordPolicy } from '../accounts/password/password-policy.ts'
import { openPeople } from '../accounts/people/tenant-people.ts'
import type { Services } from '../app.ts'
import { createAudit, type Audit } from '../audit/create-audit.ts'
import { createTrail } from '../audit/trail.ts'
import type { Config } from '../config/schema.ts'
import { startJobs, type Jobs } from '../jobs/start-jobs.ts'
import { openEphemeral } from '../store/open-ephemeral.ts'
import { createMailCounts, type MailCounts } from '../mail/mail-counts.ts'
import { connectDatabase } from '../store/postgres.ts'
import { createSealer } from '../store/seal.ts'
import { closeTenant } from '../tenants/open-tenant.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { configHash } from './config-hash.ts'
import { openTenants } from './open-tenants.ts'

export type OpenServices = {
  services: Services
  tenants: readonly Tenant[]
  jobs: Jobs
  audit: Audit
  /** Of the mails that this process sends. */
  mailCounts: MailCounts
  log: Logger
  /** Reads everyone into memory and keeps up: for a process that answers requests. Resolves after the first reading. */
  startPeople(): Promise<void>
  close(): Promise<void>
}

const clock = () => new Date()

/**
 * Opens what the service stands on. Stores and directories connect when first used, so that a start while one
 * is away is no failed start (unless a directory's product has to be asked for: `openTenants`). `works`: this process also does queued jobs. `catchesMail`: mails are kept, so
 * that none needs a mail server.
 */
export async function openServices(
  config: Config,
  { works, catchesMail = false }: { works: boolean; catchesMail?: boolean },
): Promise<OpenServices> {
  const tenants = await openTenants(config, { sendsMail: catchesMail || config.mail.url !== undefined })
  const log = pino({ level: config.server.logLevel, formatters: { level: (label) => ({ level: label }) } })
  const onError = (err: unknown, job?: object) =>
    log.error({ error: nameOf(err), ...job }, 'background work failed')
  const database = connectDatabase(config.database, { onError })
  const ephemeral = openEphemeral(config.ephemeral, database, onError)
  const sealer = createSealer(config.keys)
  const audit = createAudit({
    database,
    sealer,
    onClosed: (anchor) => log.info({ anchor }, 'audit segment closed'),
  })
  const trail = createTrail(audit, {
    clock,
    onLost: ({ tenant, action, result, requestId }, error) =>
      log.error(
        { tenant, action, result, requestId, error: nameOf(error) },
        'outcome of an act not written to the audit',
      ),
  })
  const jobs = startJobs({ url: config.database, sealer, works, onError })
  const mailer = createQueuedMailer(jobs, { from: config.mail.from, onError })
  const passwordPolicyOf = await passwordPolicies(config)
  const people = new Map(tenants.map((tenant) => [tenant.name, openPeople(tenant, onError)]))
  return {
    services: {
      configHash: configHash(config, sealer),
      database,
      ephemeral,
      audit,
      trail,
      mailer,
      jobs,
      sealer,
      passwordPolicyOf,
      peopleOf: byTenant(people),
    },
    tenants,
    jobs,
    audit,
    mailCounts: createMailCounts(tenants.map(({ name }) => name)),
    log,
    async startPeople() {
      await Promise.all([...people.values()].map((one) => one.start()))
    },
    async close() {
      for (const one of people.values()) one.close()
      await jobs.stop()
      await audit.settled()
      await Promise.all(tenants.map(closeTenant))
      await ephemeral.close()
      await database.close()
    },
  }
}

/** Lists are read once, at the start: one that cannot be read must not be found out at somebody's password change. */
async function passwordPolicies(config: Config): Promise<(tenant: Tenant) => PasswordPolicy> {
  const policies = new Map<string, PasswordPolicy>()
  for (const { name, passwordPolicy } of config.tenants) {
    const blocklist = await loadBlocklist(passwordPolicy.blocklists)
    policies.set(name, { profile: passwordPolicy.profile, blocklist })
  }
  return byTenant(policies)
}

function byTenant<T>(values: ReadonlyMap<string, T>): (tenant: Tenant) => T {
  return ({ name }) => {
    const value = values.get(name)
    if (value === undefined) throw new Error(`no tenant is named ${name}`)
    return value
  }
}

/** An error's other properties hold what it was about: a query's values, a URL with its password. */
function nameOf(error: unknown): { type: string; message: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  return { type: error.name, message: error.message, stack: error.stack }
}
