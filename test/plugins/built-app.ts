import { openPeople } from '../../src/accounts/people/tenant-people.ts'
import { createTrail } from '../../src/audit/trail.ts'
import { createAudit } from '../../src/audit/create-audit.ts'
import { buildApp, type Services } from '../../src/app.ts'
import { createMemoryStore } from '../../src/store/ephemeral-memory.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { createSealer } from '../../src/store/seal.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** The whole service, with a database that nobody answers for: routes, guards and refusals are there all the same. */
export async function buildTestApp(
  tenants: readonly Tenant[],
  {
    peopleOf = (tenant: Tenant) => openPeople(tenant, () => {}),
    clock = () => new Date(),
  }: { peopleOf?: Services['peopleOf']; clock?: () => Date } = {},
) {
  const keys = ['ab'.repeat(32)]
  const database = connectDatabase('postgres://127.0.0.1:1/none', { connectTimeout: 200 })
  const sealer = createSealer(keys)
  const audit = createAudit({ database, sealer })
  const services = {
    configHash: 'a1b2c3d4e5f6',
    database,
    sealer,
    ephemeral: createMemoryStore(),
    audit,
    trail: createTrail(audit, { clock, onLost: () => {} }),
    mailer: { send: async () => {} },
    jobs: { send: async () => {} },
    peopleOf,
    passwordPolicyOf: () => ({ profile: 'nist' as const, blocklist: { has: async () => false } }),
  }
  const server = { host: '127.0.0.1', port: 0, trustedProxyHops: 0, logLevel: 'silent' as const }
  const app = await buildApp(services, { config: { server, keys }, tenants, clock })
  await app.ready()
  return app
}
