import { rankOf, rolesOf } from '../../access/roles.ts'
import type { AuditEvent } from '../../audit/event.ts'
import type { Trail } from '../../audit/trail.ts'
import type { EphemeralStore } from '../../store/ephemeral.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { accountIdOf } from '../account-id.ts'
import { everyAttribute, type Found } from '../find-entry.ts'
import { findForSignIn } from '../find-for-sign-in.ts'
import type { Mailer } from '../mailer.ts'
import { personOf, type Person } from '../person.ts'
import { openRecoveryLink } from './recovery-link.ts'
import { personParty, type RequestOrigin } from '../trace.ts'

/**
 * Mails a recovery link to the person who signs in by that name. It runs as a queued job: the page that
 * asked has answered long before, the same for everybody. Nobody, two people, no mail address, or a person
 * with a role (who could be worth the attack): no mail, and no word about it but in the audit, where the
 * service desk can see why a person got none.
 */
export async function mailRecoveryLink(
  services: { trail: Trail; ephemeral: EphemeralStore; mailer: Mailer },
  tenant: Tenant,
  identifier: string,
  origin: RequestOrigin,
  now: Date,
): Promise<void> {
  if (!tenant.config.recovery.enabled) return
  const found = await findForSignIn(tenant, identifier, everyAttribute)
  if (typeof found === 'string') return
  const person = personOf(found.branch.directory, found.entry)
  const outcome = await outcomeFor(tenant, found, person)
  await services.trail.record({
    tenant: tenant.name,
    time: now,
    action: 'recovery.start',
    actor: { kind: 'anonymous' },
    target: personParty(person),
    ...outcome,
    ...origin,
  })
  if (outcome.result === 'refused') return
  const token = await openRecoveryLink(services.ephemeral, tenant, accountIdOf(person))
  const link = `${tenant.issuer}/recover/finish?token=${token}`
  const minutes = tenant.config.recovery.lifetime
  await services.mailer.send(tenant, person, { template: 'recovery', link, minutes })
}

async function outcomeFor(
  tenant: Tenant,
  { entry }: Found,
  person: Person,
): Promise<Pick<AuditEvent, 'result' | 'code'>> {
  if (rankOf(await rolesOf(tenant, entry)) > 0) return { result: 'refused', code: 'more-privileged' }
  if (person.mail.length === 0) return { result: 'refused', code: 'no-mail' }
  return { result: 'done' }
}
