import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { Fault } from '../problems/problem.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { accountIdOf } from './account-id.ts'
import { generatePassword } from './generate-password.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password-policy.ts'
import { refusalFault } from './password-refusal.ts'
import { openAccount, type Account } from './read-account.ts'
import { requireReason } from './reason.ts'
import { closeRecovery } from './recovery-link.ts'
import type { Sessions } from './sessions.ts'
import { eventOf, personParty, type RequestOrigin } from './trace.ts'

export type ResetRequest = {
  /** Absent: one is generated and given back, once. */
  password?: string
  /** The person has to choose another one at the next sign-in. */
  mustChange: boolean
  /** Tell the person by mail that their password was reset; the mail never holds the password. */
  notify: boolean
  reason?: string
  origin: RequestOrigin
}

type Services = {
  trail: Trail
  sessions: Sessions
  mailer: Mailer
  ephemeral: EphemeralStore
  passwordPolicy: PasswordPolicy
}

/**
 * An agent gives the account a new password. All the person's sessions end. Throws Problem `not-found`, `more-privileged`, `reason-required`,
 * `closed-elsewhere` (another system closed the account or owns its password), `password-refused` with every fault.
 */
export async function resetPassword(
  services: Services,
  permit: Permit<'account.reset'>,
  login: string,
  request: ResetRequest,
  now: Date,
): Promise<{ generated: string | null }> {
  const { tenant } = permit.agent
  requireReason(tenant.config.desk, 'reset', request.reason)
  const account = await openAccount(permit, login, now)
  refuseForeign(account)
  const generated = request.password === undefined ? generatePassword() : null
  const checked = acceptPassword(
    services.passwordPolicy,
    request.password ?? generated ?? '',
    ownWordsOf(tenant, account.person),
  )
  if ('faults' in checked) throw refused(checked.faults)
  const event = {
    ...eventOf(permit.agent, request.origin),
    action: 'password.reset',
    target: personParty(account.ref),
    ...(request.reason !== undefined && { reason: request.reason }),
  } as const
  await services.trail.act(event, async () => {
    const { directory, ref } = account
    const written = await directory.setPassword(ref.dn, checked.password, { mustChange: request.mustChange })
    if (written.outcome === 'refused') throw refused([refusalFault(written.reason)])
  })
  const accountId = accountIdOf(account.ref)
  await closeRecovery(services.ephemeral, tenant, accountId)
  await services.sessions.endAll(tenant, accountId)
  if (request.notify) await services.mailer.send(tenant, account.person, { template: 'password-reset' })
  return { generated }
}

/** A reset would reopen what FusionDirectory closed, or cut a pass-through account from its real password, without any error. */
function refuseForeign({ state }: Account): void {
  if (state.conditions.some((condition) => condition.kind === 'closed-elsewhere'))
    throw new Problem('closed-elsewhere')
}

function refused(faults: readonly Fault[]): Problem {
  return new Problem('password-refused', { faults })
}
