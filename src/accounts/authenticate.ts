import type { PersonRef } from '../access/actor.ts'
import type { Trail } from '../audit/trail.ts'
import type { AccountState } from '../directory/account-state.ts'
import type { PasswordCheck } from '../directory/directory.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { countAddress } from './address-limit.ts'
import { accountIdOf } from './account-id.ts'
import { accountKey, countAttempt, isWithinLimit, signInKey } from './attempt-limit.ts'
import { proveNobody } from './decoy.ts'
import type { Asked } from './find-entry.ts'
import { findForSignIn } from './find-for-sign-in.ts'
import { personRefOf } from './person.ts'
import type { RefusalTime } from './refusal-time.ts'
import { isRefusedUnheard, isShutOut } from './shut-out.ts'
import type { SignInResult } from './sign-in-result.ts'

export type Credentials = {
  login: string
  password: string
  /** Client address after the trusted proxy hops. */
  address: string
  requestId?: string
  /** Client that asked for the sign-in. */
  client?: string
}

type Services = {
  ephemeral: EphemeralStore
  trail: Pick<Trail, 'record'>
  refusalTime: RefusalTime
}

const asked: Asked = (directory) => [
  directory.idAttribute,
  directory.attributes.login,
  ...directory.stateAttributes,
]

/**
 * Signs a person in with one of their names and the password. Unknown name, two people with it, an empty or a wrong password, an account that is shut
 * out: one refusal, in one time. What the server would refuse without hashing costs a hash all the same, at the decoy.
 * Throws Problem `too-many-attempts`, `directory-unavailable`, `store-unavailable` or `audit-unavailable`: nobody gets in unlimited or untraced.
 */
export async function authenticate(
  services: Services,
  tenant: Tenant,
  credentials: Credentials,
  now: Date,
): Promise<SignInResult> {
  const { login, address } = credentials
  const { maxFailuresPerAccount, maxFailuresPerAddress: max, window } = tenant.config.signIn
  const { ephemeral, refusalTime } = services
  const typedKey = signInKey(tenant.name, login)
  const place = { area: 'sign-in-address', tenant: tenant.name, address }
  const counted = await countAddress(ephemeral, place, { max, window }, now)
  await countAttempt(ephemeral, typedKey, { max: maxFailuresPerAccount, window })

  const started = performance.now()
  const checked = await check(ephemeral, tenant, credentials, now).catch(async (error: unknown) => {
    await counted.giveBack()
    throw error
  })
  await record(services, tenant, credentials, checked, now)
  const { person, result } = checked
  if (result.outcome === 'refused') {
    if (person !== null && result.reason === 'wrong') refusalTime.noteRefusal(performance.now() - started)
    await refusalTime.settle(started)
  } else {
    const guesses = person === null ? [] : [accountKey(tenant.name, accountIdOf(person))]
    await Promise.all([counted.giveBack(), ephemeral.delete(typedKey, ...guesses)])
  }
  return result
}

/** `why`: what the audit says of a refusal; the person who tries is told nothing. */
type Checked = { person: PersonRef | null; result: SignInResult; why?: 'ambiguous' | 'too-many-attempts' }

const REFUSED = { outcome: 'refused', reason: 'wrong' } as const

async function check(
  ephemeral: EphemeralStore,
  tenant: Tenant,
  { login, password }: Credentials,
  now: Date,
): Promise<Checked> {
  const found = password === '' ? 'unknown' : await findForSignIn(tenant, login, asked)
  if (typeof found === 'string') {
    await proveNobody(tenant, undefined, password)
    return { person: null, result: REFUSED, ...(found === 'ambiguous' && { why: found }) }
  }
  const { directory } = found.branch
  const person = personRefOf(directory, found.entry)
  const { maxFailuresPerAccount: max, window } = tenant.config.signIn
  const isLimited = !(await isWithinLimit(ephemeral, accountKey(tenant.name, accountIdOf(person)), {
    max,
    window,
  }))
  const state = await directory.accountState(found.entry, now)
  if (isLimited || isRefusedUnheard(state)) {
    await proveNobody(tenant, directory, password)
    const isLocked = state.conditions.some(({ kind }) => kind === 'locked')
    const result = isLocked ? ({ outcome: 'refused', reason: 'locked' } as const) : REFUSED
    return { person, result, ...(isLimited && { why: 'too-many-attempts' }) }
  }
  const bound = await directory.verifyPassword(person.dn, password)
  // Where the server lets in whom we shut out, the answer must not tell that the password was right.
  const isRefused = bound.outcome !== 'refused' && isShutOut(state)
  return { person, result: isRefused ? REFUSED : resultOf(person, bound, { state, now }) }
}

function resultOf(
  person: PersonRef,
  bound: PasswordCheck,
  { state, now }: { state: AccountState; now: Date },
): SignInResult {
  switch (bound.outcome) {
    case 'refused':
      // Of a shut account a server may say so only to whoever knows the password.
      return { outcome: 'refused', reason: bound.reason === 'locked' ? 'locked' : 'wrong' }
    case 'expired':
      return { outcome: 'must-change', person, why: 'expired' }
    case 'accepted': {
      const { mustChange, graceLeft, expiresInSeconds } = bound
      if (mustChange) return { outcome: 'must-change', person, why: 'reset' }
      if (graceLeft !== undefined) return { outcome: 'signed-in', person, graceLeft }
      const expiresAt = endOfPassword(state, expiresInSeconds, now)
      return { outcome: 'signed-in', person, ...(expiresAt && { expiresAt }) }
    }
  }
}

/** By the server's word at this bind; by the state where it gives none (Active Directory, a policy without warnings). */
function endOfPassword(
  { conditions }: AccountState,
  expiresInSeconds: number | undefined,
  now: Date,
): Date | undefined {
  if (expiresInSeconds !== undefined) return new Date(now.getTime() + expiresInSeconds * 1_000)
  return conditions.flatMap((one) => (one.kind === 'password-expiring' ? [one.at] : []))[0]
}

/** An unknown login is not written down: people type passwords there. */
async function record(
  { trail }: Services,
  tenant: Tenant,
  { address, requestId, client }: Credentials,
  { person, result, why }: Checked,
  time: Date,
): Promise<void> {
  await trail.record({
    tenant: tenant.name,
    time,
    action: 'sign-in',
    actor: person === null ? { kind: 'anonymous' } : { kind: 'person', ...partyOf(person) },
    result: result.outcome === 'refused' ? 'refused' : 'done',
    ...(result.outcome !== 'signed-in' && {
      code: why ?? (result.outcome === 'refused' ? result.reason : result.outcome),
    }),
    address,
    ...(requestId !== undefined && { requestId }),
    ...(client !== undefined && { client }),
  })
}

function partyOf({ directory, id, login }: PersonRef) {
  return { directory, id, login }
}
