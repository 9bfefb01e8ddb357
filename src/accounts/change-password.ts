import type { Trail } from '../audit/trail.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { attemptKey, countAttempt } from './attempt-limit.ts'
import { findByAccountId, type Found } from './find-entry.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password-policy.ts'
import { refusalFault } from './password-refusal.ts'
import { personAttributes, personOf, personRefOf } from './person.ts'
import { closeRecovery } from './recovery-link.ts'
import type { Sessions } from './sessions.ts'
import { personParty, type RequestOrigin } from './trace.ts'

export type ChangeRequest = {
  old: string
  password: string
  origin: RequestOrigin
  /** Id of the session in which the change is made; it goes on, all others end. */
  session?: string
}

type Services = {
  trail: Trail
  sessions: Sessions
  mailer: Mailer
  ephemeral: EphemeralStore
  passwordPolicy: PasswordPolicy
}

/**
 * The owner of an account changes their password, also when it has expired or must be changed: the old one proves who they are. Throws Problem
 * `password-refused` with every fault, `wrong-password`, `too-many-attempts`, `not-found` when the account is gone.
 */
export async function changePassword(
  services: Services,
  tenant: Tenant,
  accountId: string,
  request: ChangeRequest,
): Promise<void> {
  const found = await findByAccountId(tenant, 'signIn', accountId, personAttributes)
  if (found === null) throw new Problem('not-found')
  const person = personOf(found.branch.directory, found.entry)
  const checked = acceptPassword(services.passwordPolicy, request.password, ownWordsOf(tenant, person))
  const faults = [
    ...(request.old === '' ? [{ field: 'old', reason: 'required' }] : []),
    ...('faults' in checked ? checked.faults : []),
  ]
  if (faults.length > 0 || 'faults' in checked) throw new Problem('password-refused', { faults })

  const limit = { max: tenant.config.signIn.maxFailuresPerAccount, window: tenant.config.signIn.window }
  const key = attemptKey('change', tenant.name, accountId)
  await countAttempt(services.ephemeral, key, limit)
  await services.trail.act(event(tenant, found, request.origin), async () => {
    const { directory } = found.branch
    const written = await directory.changePassword(
      personRefOf(directory, found.entry).dn,
      request.old,
      checked.password,
    )
    if (written.outcome === 'refused') throw refusal(written.reason)
  })
  await services.ephemeral.delete(key)
  await closeRecovery(services.ephemeral, tenant, accountId)
  await services.sessions.endAll(tenant, accountId, request.session)
  await services.mailer.send(tenant, person, { template: 'password-changed' })
}

function refusal(reason: Parameters<typeof refusalFault>[0]): Problem {
  return new Problem(reason === 'old-password-wrong' ? 'wrong-password' : 'password-refused', {
    faults: [refusalFault(reason)],
  })
}

function event(tenant: Tenant, { branch, entry }: Found, origin: RequestOrigin) {
  const party = personParty(personRefOf(branch.directory, entry))
  return {
    tenant: tenant.name,
    action: 'password.change',
    actor: party,
    target: party,
    ...origin,
  } as const
}
