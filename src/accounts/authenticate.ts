import type { PersonRef } from '../access/actor.ts'
import type { Trail } from '../audit/trail.ts'
import type { PasswordCheck } from '../directory/directory.ts'
import type { EphemeralStore } from '../store/ephemeral.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { countAddress } from './address-limit.ts'
import { countAttempt, signInKey } from './attempt-limit.ts'
import { findByLogin, type Asked } from './find-entry.ts'
import { personRefOf } from './person.ts'
import type { RefusalTime } from './refusal-time.ts'
import { isShutOut } from './shut-out.ts'
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
 * Signs a person in with login and password. Unknown login, two entries with it, an empty or a wrong password, an account that is shut out: one refusal,
 * in one time.
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
  const accountKey = signInKey(tenant.name, login)
  const place = { area: 'sign-in-address', tenant: tenant.name, address }
  const counted = await countAddress(ephemeral, place, { max, window }, now)
  await countAttempt(ephemeral, accountKey, { max: maxFailuresPerAccount, window })

  const started = performance.now()
  const { person, result } = await check(tenant, credentials, now).catch(async (error: unknown) => {
    await counted.giveBack()
    throw error
  })
  await record(services, tenant, credentials, person, result, now)
  if (result.outcome === 'refused') {
    if (person !== null && result.reason === 'wrong') refusalTime.noteRefusal(performance.now() - started)
    await refusalTime.settle(started)
  } else await Promise.all([counted.giveBack(), ephemeral.delete(accountKey)])
  return result
}

type Checked = { person: PersonRef | null; result: SignInResult }

async function check(tenant: Tenant, { login, password }: Credentials, now: Date): Promise<Checked> {
  const found = password === '' ? null : await findByLogin(tenant, 'signIn', login, asked)
  if (found === null) return { person: null, result: { outcome: 'refused', reason: 'wrong' } }
  const { directory } = found.branch
  const person = personRefOf(directory, found.entry)
  const bound = await directory.verifyPassword(person.dn, password)
  // Where the server lets in whom we shut out, the answer must not tell that the password was right.
  const isRefused = bound.outcome !== 'refused' && isShutOut(await directory.accountState(found.entry, now))
  return { person, result: isRefused ? { outcome: 'refused', reason: 'wrong' } : resultOf(person, bound) }
}

function resultOf(person: PersonRef, bound: PasswordCheck): SignInResult {
  switch (bound.outcome) {
    case 'refused':
      // Of a shut account a server may say so only to whoever knows the password.
      return { outcome: 'refused', reason: bound.reason === 'locked' ? 'locked' : 'wrong' }
    case 'expired':
      return { outcome: 'must-change', person, why: 'expired' }
    case 'accepted': {
      const { mustChange, outcome: _, ...warnings } = bound
      return mustChange
        ? { outcome: 'must-change', person, why: 'reset' }
        : { outcome: 'signed-in', person, ...warnings }
    }
  }
}

/** An unknown login is not written down: people type passwords there. */
async function record(
  { trail }: Services,
  tenant: Tenant,
  { address, requestId, client }: Credentials,
  person: PersonRef | null,
  result: SignInResult,
  time: Date,
): Promise<void> {
  await trail.record({
    tenant: tenant.name,
    time,
    action: 'sign-in',
    actor: person === null ? { kind: 'anonymous' } : { kind: 'person', ...partyOf(person) },
    result: result.outcome === 'refused' ? 'refused' : 'done',
    ...(result.outcome !== 'signed-in' && {
      code: result.outcome === 'refused' ? result.reason : result.outcome,
    }),
    address,
    ...(requestId !== undefined && { requestId }),
    ...(client !== undefined && { client }),
  })
}

function partyOf({ directory, id, login }: PersonRef) {
  return { directory, id, login }
}
