import { rankOf, rolesOf } from '../access/roles.ts'
import type { Trail } from '../audit/trail.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'
import { everyAttribute, findByLoginOrMail } from './find-entry.ts'
import type { Mailer } from './mailer.ts'
import { personOf } from './person.ts'
import { openRecoveryLink } from './recovery-link.ts'
import { personParty, type RequestOrigin } from './trace.ts'

/**
 * Mails a recovery link to the person with that login or mail address. It runs as a queued job: the page that asked has answered long before, the
 * same for everybody. Nobody, two people, no mail address, or a person with a role (who could be worth the attack): no mail, and no word about it.
 */
export async function mailRecoveryLink(
  services: { trail: Trail; ephemeral: EphemeralStore; mailer: Mailer },
  tenant: Tenant,
  identifier: string,
  origin: RequestOrigin,
  now: Date,
): Promise<void> {
  const found = await findByLoginOrMail(tenant, 'signIn', identifier, everyAttribute)
  if (found === null || rankOf(await rolesOf(tenant, found.entry)) > 0) return
  const person = personOf(found.branch.directory, found.entry)
  if (person.mail.length === 0) return
  const party = personParty(person)
  await services.trail.record({
    tenant: tenant.name,
    time: now,
    action: 'recovery.start',
    actor: { kind: 'anonymous' },
    target: party,
    result: 'done',
    ...origin,
  })
  const token = await openRecoveryLink(services.ephemeral, tenant, accountIdOf(person))
  const link = `${tenant.issuer}/recover/finish?token=${token}`
  await services.mailer.send(tenant, person, {
    template: 'recovery',
    link,
    minutes: tenant.config.recovery.lifetime,
  })
}
