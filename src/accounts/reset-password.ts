import type { Permit } from '../access/permit.ts'
import type { Trail } from '../audit/trail.ts'
import type { Fault } from '../problems/problem.ts'
import { Problem } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import { accountIdOf } from './account-id.ts'
import { forgetGuesses } from './attempt-limit.ts'
import { generatePassword } from './password/generate-password.ts'
import type { Mailer } from './mailer.ts'
import { foreignOf } from './offered-acts.ts'
import { ownWordsOf } from './password/own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password/password-policy.ts'
import { refusalFault } from './password/password-refusal.ts'
import { loginsOf, readAccount, refuseOutOfBounds, type Account, type DeskView } from './read-account.ts'
import { reasonOf } from './reason.ts'
import { closeRecovery } from './recovery/recovery-link.ts'
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

type Services = DeskView & {
  trail: Trail
  sessions: Sessions
  mailer: Mailer
  ephemeral: EphemeralStore
  passwordPolicy: PasswordPolicy
}

/**
 * An agent gives the account a new password. All the person's sessions end. Throws Problem `not-found`,
 * `more-privileged`, `own-account`, `reason-required`, `closed-elsewhere` (another system closed the account
 * or owns its password), `password-refused` with every fault.
 */
export async function resetPassword(
  services: Services,
  permit: Permit<'account.reset'>,
  login: string,
  request: ResetRequest,
  now: Date,
): Promise<{ generated: string | null }> {
  const { agent } = permit
  const reason = reasonOf(agent.tenant.config.desk, 'reset', request.reason)
  const account = await readAccount(services, permit, login, now)
  const generated = request.password === undefined ? generatePassword() : null
  const event = {
    ...eventOf(agent, request.origin),
    action: 'password.reset',
    target: personParty(account.ref),
    ...reason,
  } as const
  await services.trail.act(event, async () => {
    await refuseOutOfBounds(permit, account)
    refuseForeign(account)
    await writePassword(services.passwordPolicy, permit, account, {
      text: request.password ?? generated ?? '',
      mustChange: request.mustChange,
    })
    const accountId = accountIdOf(account.ref)
    await closeRecovery(services.ephemeral, agent.tenant, accountId)
    // Whoever calls the desk has often guessed until no further guess was allowed.
    await forgetGuesses(services.ephemeral, agent.tenant.name, loginsOf(account))
    await services.sessions.endAll(agent.tenant, accountId)
  })
  if (request.notify) await services.mailer.send(agent.tenant, account.person, { template: 'password-reset' })
  return { generated }
}

async function writePassword(
  policy: PasswordPolicy,
  { agent }: Permit,
  { directory, ref, person, entry }: Account,
  { text, mustChange }: { text: string; mustChange: boolean },
): Promise<void> {
  const checked = acceptPassword(policy, text, ownWordsOf(agent.tenant, person))
  if ('faults' in checked) throw refused(checked.faults)
  const written = await directory.setPassword(ref.dn, checked.password, { mustChange, entry })
  if (written.outcome === 'refused') throw refused([refusalFault(written.reason)])
}

/** A reset would reopen what FusionDirectory closed, or cut a pass-through account from its real password, without any error. */
function refuseForeign({ state }: Account): void {
  const foreign = foreignOf(state)
  if (foreign !== null) throw new Problem(foreign)
}

function refused(faults: readonly Fault[]): Problem {
  return new Problem('password-refused', { faults })
}
