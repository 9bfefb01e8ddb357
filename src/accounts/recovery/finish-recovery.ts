import { rankOf, rolesOf } from '../../access/roles.ts'
import { Problem } from '../../problems/problem.ts'
import type { EphemeralStore } from '../../store/ephemeral.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { forgetGuesses } from '../attempt-limit.ts'
import { namesOf } from '../find-for-sign-in.ts'
import { everyAttribute, findByAccountId, type Asked, type Found } from '../find-entry.ts'
import type { Mailer } from '../mailer.ts'
import { ownWordsOf } from '../password/own-words.ts'
import { acceptPassword, type PasswordPolicy } from '../password/password-policy.ts'
import { passwordAttributes } from '../password/password-places.ts'
import { writeEverywhere, type Written, type WriteServices } from '../password/write-everywhere.ts'
import { personOf, personRefOf, type Person } from '../person.ts'
import { closeRecovery, findRecovery, returnRecovery, takeRecovery } from './recovery-link.ts'
import type { Sessions } from '../sessions.ts'
import { personParty, type RequestOrigin } from '../trace.ts'

type Services = WriteServices & { sessions: Sessions; mailer: Mailer; passwordPolicy: PasswordPolicy }

const attributes: Asked = (directory) => [...everyAttribute(directory), ...passwordAttributes(directory)]

export type Recovered = { accountId: string; found: Found; person: Person }

/**
 * Whose account a link's token recovers; looking does not use it up. Throws Problem `invalid-token`, also when the person has got a role since: who
 * could be worth the attack does not recover by mail.
 */
export async function openRecovery(
  ephemeral: EphemeralStore,
  tenant: Tenant,
  token: string,
): Promise<Recovered> {
  const accountId = await findRecovery(ephemeral, tenant, token)
  const found = accountId && (await findByAccountId(tenant, 'signIn', accountId, attributes))
  if (!accountId || !found) throw new Problem('invalid-token')
  if (rankOf(await rolesOf(tenant, found.entry)) > 0) throw new Problem('invalid-token')
  return { accountId, found, person: personOf(found.branch.directory, found.entry) }
}

/**
 * Sets a new password by proof of a mailbox. The token works once; a password that is refused, or an outage,
 * does not use it up. All sessions end, nobody is signed in, and what else keeps the account shut (disabled,
 * locked by an agent) stays. Throws Problem `invalid-token`, `password-refused` with every fault,
 * `closed-elsewhere`, `password-elsewhere`. Once the first directory has it, what the others say is in the result.
 */
export async function finishRecovery(
  services: Services,
  tenant: Tenant,
  request: { token: string; password: string; origin: RequestOrigin },
  now: Date,
): Promise<Written> {
  const { ephemeral } = services
  const { token } = request
  const { accountId, found, person } = await openRecovery(ephemeral, tenant, token)
  const checked = await acceptPassword(services.passwordPolicy, request.password, ownWordsOf(tenant, person))
  if ('faults' in checked) throw new Problem('password-refused', { faults: checked.faults })
  if (!(await takeRecovery(ephemeral, tenant, token))) throw new Problem('invalid-token')

  const { directory } = found.branch
  const account = { directory, ref: personRefOf(directory, found.entry), entry: found.entry }
  const party = personParty(person)
  const event = {
    tenant: tenant.name,
    action: 'recovery.finish',
    actor: party,
    target: party,
    ...request.origin,
  } as const
  const writing = { tenant, account, event, password: checked.password, by: { mustChange: false } }
  let isWritten = false
  const act = async () => {
    const done = await writeEverywhere(services, writing, now)
    isWritten = true
    await closeRecovery(ephemeral, tenant, accountId)
    await services.sessions.endAll(tenant, accountId)
    return done
  }
  const written = await services.trail.act(event, act).catch(async (error: unknown) => {
    if (!isWritten) await returnRecovery(ephemeral, tenant, token, accountId)
    throw error
  })
  // Whoever forgot their password has often guessed at it until no further guess was allowed.
  await forgetGuesses(ephemeral, tenant.name, { accountId, names: namesOf(directory, found.entry) })
  await services.mailer.send(tenant, person, { template: 'password-changed' })
  return written
}
