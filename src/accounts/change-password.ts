import type { Trail } from '../audit/trail.ts'
import type { PasswordRefusal } from '../directory/directory.ts'
import { Problem, type Fault } from '../problems/problem.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { attemptKey, countAttempt } from './attempt-limit.ts'
import { findByAccountId, type Found } from './find-entry.ts'
import type { Mailer } from './mailer.ts'
import { ownWordsOf } from './password/own-words.ts'
import { acceptPassword, type PasswordPolicy } from './password/password-policy.ts'
import { refusalProblem } from './password/password-refusal.ts'
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

export type ChangeServices = {
  trail: Trail
  sessions: Sessions
  mailer: Mailer
  ephemeral: EphemeralStore
  passwordPolicy: PasswordPolicy
}

/**
 * The owner of an account changes their password, also when it has expired or must be changed: the old one proves who they are. Throws Problem
 * `password-refused` with every fault, `wrong-password`, `too-many-attempts`, `closed-elsewhere` (another system owns the password),
 * `not-found` when the account is gone.
 */
export async function changePassword(
  services: ChangeServices,
  tenant: Tenant,
  accountId: string,
  request: ChangeRequest,
): Promise<void> {
  const { ephemeral, passwordPolicy } = services
  const found = await findByAccountId(tenant, 'signIn', accountId, personAttributes)
  if (found === null) throw new Problem('not-found')
  const { directory } = found.branch
  const person = personOf(directory, found.entry)
  const checked = acceptPassword(passwordPolicy, request.password, ownWordsOf(tenant, person))
  const faults = [...faultsOfOld(request), ...('faults' in checked ? checked.faults : [])]
  if (faults.length > 0 || 'faults' in checked) throw new Problem('password-refused', { faults })

  const { maxFailuresPerAccount: max, window } = tenant.config.signIn
  const key = attemptKey('change', tenant.name, accountId)
  await countAttempt(ephemeral, key, { max, window })
  await services.trail.act(event(tenant, found, request.origin), async () => {
    const { dn } = personRefOf(directory, found.entry)
    const written = await directory.changePassword(dn, request.old, checked.password)
    if (written.outcome === 'written' || provesOld(written.reason)) await ephemeral.delete(key)
    if (written.outcome === 'refused') throw refusalProblem(written.reason)
    await closeRecovery(ephemeral, tenant, accountId)
    await services.sessions.endAll(tenant, accountId, request.session)
  })
  await services.mailer.send(tenant, person, { template: 'password-changed' })
}

/** Some servers keep no history: a forced change to the same password would be none. */
function faultsOfOld({ old, password }: ChangeRequest): Fault[] {
  if (old === '') return [{ field: 'old', reason: 'required' }]
  return old === password ? [{ field: 'password', reason: 'same-as-old' }] : []
}

/** Only guesses at the old password count as such: whoever got as far as the directory's rules has proven it. */
function provesOld(reason: PasswordRefusal): boolean {
  return reason !== 'old-password-wrong' && reason !== 'closed-elsewhere' && reason !== 'password-elsewhere'
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
