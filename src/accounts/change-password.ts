import type { PasswordRefusal } from '../directory/directory.ts'
import { Problem, type Fault } from '../problems/problem.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { attemptKey, countAttempt } from './attempt-limit.ts'
import { findByAccountId, type Asked, type Found } from './find-entry.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './password/own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password/password-policy.ts'
import { passwordAttributes } from './password/password-places.ts'
import { Refused } from './password/put-password.ts'
import { writeEverywhere, type Written, type WriteServices } from './password/write-everywhere.ts'
import { personAttributes, personOf, personRefOf } from './person.ts'
import { closeRecovery } from './recovery/recovery-link.ts'
import type { Sessions } from './sessions.ts'
import { personParty, type RequestOrigin } from './trace.ts'

export type ChangeRequest = {
  old: string
  password: string
  origin: RequestOrigin
  /** Id of the session in which the change is made; it goes on, all others end. */
  session?: string
}

export type ChangeServices = WriteServices & {
  sessions: Sessions
  mailer: Mailer
  passwordPolicy: PasswordPolicy
}

const attributes: Asked = (directory) => [...personAttributes(directory), ...passwordAttributes(directory)]

/**
 * The owner of an account changes their password, also when it has expired or must be changed: the old one proves who they are. Throws Problem
 * `password-refused` with every fault, `wrong-password`, `too-many-attempts`, `closed-elsewhere`, `password-elsewhere` (no rule leads to it),
 * `not-found` when the account is gone. Once the first directory has the new one, what the others say is in the result.
 */
export async function changePassword(
  services: ChangeServices,
  tenant: Tenant,
  accountId: string,
  request: ChangeRequest,
  now: Date,
): Promise<Written> {
  const { ephemeral, passwordPolicy } = services
  const found = await findByAccountId(tenant, 'signIn', accountId, attributes)
  if (found === null) throw new Problem('not-found')
  const { entry, branch } = found
  const person = personOf(branch.directory, entry)
  const checked = await acceptPassword(passwordPolicy, request.password, ownWordsOf(tenant, person))
  const faults = [...faultsOfOld(request), ...('faults' in checked ? checked.faults : [])]
  if (faults.length > 0 || 'faults' in checked) throw new Problem('password-refused', { faults })

  const { maxFailuresPerAccount: max, window } = tenant.config.signIn
  const key = attemptKey('change', tenant.name, accountId)
  await countAttempt(ephemeral, key, { max, window })
  const event = changeEvent(tenant, found, request.origin)
  const account = { directory: branch.directory, ref: personRefOf(branch.directory, entry), entry }
  const writing = { tenant, account, event, password: checked.password, by: { old: request.old } }
  const written = await services.trail.act(event, async () => {
    const done = await writeEverywhere(services, writing, now).catch(async (error: unknown) => {
      if (error instanceof Refused && provesOld(error.reason)) await ephemeral.delete(key)
      throw error
    })
    await ephemeral.delete(key)
    await closeRecovery(ephemeral, tenant, accountId)
    await services.sessions.endAll(tenant, accountId, request.session)
    return done
  })
  await services.mailer.send(tenant, person, { template: 'password-changed' })
  return written
}

/** Some servers keep no history: a forced change to the same password would be none. */
function faultsOfOld({ old, password }: ChangeRequest): Fault[] {
  if (old === '') return [{ field: 'old', reason: 'required' }]
  return old === password ? [{ field: 'password', reason: 'same-as-old' }] : []
}

/** What the directory says of a wrong old password, or before it has looked at one. */
const beforeProof: ReadonlySet<PasswordRefusal> = new Set([
  'old-password-wrong',
  'locked',
  'closed-elsewhere',
  'password-elsewhere',
])

/** Only guesses at the old password count as such: whoever got as far as the directory's rules has proven it. */
function provesOld(reason: PasswordRefusal): boolean {
  return !beforeProof.has(reason)
}

export function changeEvent(tenant: Tenant, { branch, entry }: Found, origin: RequestOrigin) {
  const party = personParty(personRefOf(branch.directory, entry))
  return {
    tenant: tenant.name,
    action: 'password.change',
    actor: party,
    target: party,
    ...origin,
  } as const
}
