import type { Permit } from '../access/permit.ts'
import type { AcceptedPassword } from '../directory/accepted-password.ts'
import type { PasswordRefusal } from '../directory/directory.ts'
import { Problem } from '../problems/problem.ts'
import { accountIdOf } from './account-id.ts'
import { forgetGuesses } from './attempt-limit.ts'
import { generatePassword } from './password/generate-password.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './password/own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password/password-policy.ts'
import { primaryPlace } from './password/password-places.ts'
import { Refused } from './password/put-password.ts'
import { writeEverywhere, type Written, type WriteServices } from './password/write-everywhere.ts'
import type { Writing } from './password/write-password.ts'
import { guessesOf, readAccount, refuseOutOfBounds, type Account, type DeskView } from './read-account.ts'
import { reasonOf } from './reason.ts'
import { closeRecovery } from './recovery/recovery-link.ts'
import { sayRefusal } from './say-refusal.ts'
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

type Services = DeskView &
  WriteServices & { sessions: Sessions; mailer: Mailer; passwordPolicy: PasswordPolicy }

/** `generated`: the password that was made up; null when one was given. */
export type Reset = Written & { generated: string | null }

/**
 * An agent gives the account a new password, wherever the person's passwords are. All the person's sessions end. Throws Problem `not-found`,
 * `more-privileged`, `own-account`, `reason-required`, `closed-elsewhere`, `password-elsewhere` (no rule leads to it), `password-refused`
 * with every fault. Once the first directory has it, what the others say is in the result.
 */
export async function resetPassword(
  services: Services,
  permit: Permit<'account.reset'>,
  login: string,
  request: ResetRequest,
  now: Date,
): Promise<Reset> {
  const { agent } = permit
  const { tenant } = agent
  const reason = reasonOf(tenant.config.desk, 'reset', request.reason)
  const account = await readAccount(services, permit, login, now)
  const target = personParty(account.ref)
  const event = { ...eventOf(agent, request.origin), action: 'password.reset', target, ...reason } as const
  const reset = await services.trail.act(event, async () => {
    await refuseOutOfBounds(permit, account)
    // A reset would reopen what FusionDirectory closed, without any error.
    if (account.state.conditions.some(({ kind }) => kind === 'closed-elsewhere'))
      throw new Problem('closed-elsewhere')
    const done = await write(services, { tenant, account, event }, request, now).catch(sayRefusal)
    const accountId = accountIdOf(account.ref)
    await closeRecovery(services.ephemeral, tenant, accountId)
    // Whoever calls the desk has often guessed until no further guess was allowed.
    await forgetGuesses(services.ephemeral, tenant.name, guessesOf(account))
    await services.sessions.endAll(tenant, accountId)
    return done
  })
  if (request.notify) await services.mailer.send(tenant, account.person, { template: 'password-reset' })
  return reset
}

type About = Pick<Writing, 'tenant' | 'event'> & { account: Account }

/** Two tries for a generated one: what a server checks beyond its published rules is known only when it refuses. */
async function write(
  services: Services,
  about: About,
  { password, mustChange }: ResetRequest,
  now: Date,
): Promise<Reset> {
  const put = async (text: string) =>
    await writeEverywhere(
      services,
      { ...about, password: await accepted(services.passwordPolicy, about, text), by: { mustChange } },
      now,
    )
  if (password !== undefined) return { ...(await put(password)), generated: null }
  const { directory, entry } = await primaryPlace(about.tenant, about.account, now)
  const rules = await directory.passwordRules(entry)
  const generated = generatePassword(rules)
  try {
    return { ...(await put(generated)), generated }
  } catch (error) {
    if (!(error instanceof Refused) || !isTooSimple(error.reason)) throw error
  }
  const longer = generatePassword(rules, { isLonger: true })
  return { ...(await put(longer)), generated: longer }
}

function isTooSimple(reason: PasswordRefusal): boolean {
  return reason === 'insufficient-quality' || reason === 'too-short'
}

async function accepted(
  policy: PasswordPolicy,
  { tenant, account }: About,
  text: string,
): Promise<AcceptedPassword> {
  const checked = await acceptPassword(policy, text, ownWordsOf(tenant, account.person))
  if ('faults' in checked) throw new Problem('password-refused', { faults: checked.faults })
  return checked.password
}
