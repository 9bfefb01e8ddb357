import type { Trail } from '../audit/trail.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { findByAccountId } from './find-entry.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password-policy.ts'
import { refusalFault } from './password-refusal.ts'
import { personAttributes, personOf, personRefOf } from './person.ts'
import { closeRecovery, findRecovery, returnRecovery, takeRecovery } from './recovery-link.ts'
import type { Sessions } from './sessions.ts'
import { personParty, type RequestOrigin } from './trace.ts'

type Services = {
  trail: Trail
  sessions: Sessions
  mailer: Mailer
  ephemeral: EphemeralStore
  passwordPolicy: PasswordPolicy
}

/**
 * Sets a new password by proof of a mailbox. The token works once; a password that is refused does not use it up. All sessions end and nobody is
 * signed in. Throws Problem `invalid-token`, `password-refused` with every fault, `closed-elsewhere`.
 */
export async function finishRecovery(
  services: Services,
  tenant: Tenant,
  request: { token: string; password: string; origin: RequestOrigin },
): Promise<void> {
  const { ephemeral } = services
  const accountId = await findRecovery(ephemeral, tenant, request.token)
  const found = accountId && (await findByAccountId(tenant, 'signIn', accountId, personAttributes))
  if (!accountId || !found) throw new Problem('invalid-token')
  const { directory } = found.branch
  const person = personOf(directory, found.entry)
  const checked = acceptPassword(services.passwordPolicy, request.password, ownWordsOf(tenant, person))
  if ('faults' in checked) throw new Problem('password-refused', { faults: checked.faults })
  if (!(await takeRecovery(ephemeral, tenant, request.token))) throw new Problem('invalid-token')

  const party = personParty(person)
  const event = {
    tenant: tenant.name,
    action: 'recovery.finish',
    actor: party,
    target: party,
    ...request.origin,
  } as const
  await services.trail.act(event, async () => {
    const { dn } = personRefOf(directory, found.entry)
    const written = await directory.setPassword(dn, checked.password, { mustChange: false })
    if (written.outcome === 'written') return
    // The directory's own rules (history, age) speak only now: the person may try another password with the same link.
    await returnRecovery(ephemeral, tenant, request.token, accountId)
    throw new Problem('password-refused', { faults: [refusalFault(written.reason)] })
  })
  await closeRecovery(ephemeral, tenant, accountId)
  await services.sessions.endAll(tenant, accountId)
  await services.mailer.send(tenant, person, { template: 'password-changed' })
}
