import type { BindRequest } from '../../ldap/bind-message.ts'
import { type Attribute, type Entry, first, text } from '../../ldap/entry.ts'
import { formatGeneralizedTime } from '../../ldap/generalized-time.ts'
import type { PasswordPolicy as PolicyControl } from '../../ldap/controls/password-policy.ts'
import { anonymous, type Reader } from './access.ts'
import { differences, withAttributes } from './differences.ts'
import { hasPassword } from './password-hash.ts'
import {
  isClosed,
  type PasswordPolicy,
  policyOf,
  recentFailures,
  secondsBetween,
  timeOf,
} from './password-policy.ts'
import { Refusal } from './refusal.ts'
import { attribute } from './stamp.ts'
import { readDn, type State } from './state.ts'
import type { Node } from './tree.ts'

export type BindAnswer = { reader: Reader; policy: PolicyControl }

/** Proves who is there (RFC 4511, 4.2), by password only, and keeps the account's policy state as slapd's ppolicy does. */
export async function bind(state: State, request: BindRequest): Promise<BindAnswer> {
  if (request.version !== 3) throw new Refusal('protocolError', 'requested protocol version not allowed')
  const { authentication } = request
  if (authentication.method !== 'simple') throw new Refusal('authMethodNotSupported', 'SASL is not supported')
  const { password } = authentication
  const rdns = readDn(request.dn)
  if (rdns.length === 0 && password.empty) return { reader: anonymous, policy: {} }
  if (password.empty)
    throw new Refusal('unwillingToPerform', 'unauthenticated bind (DN with no password) disallowed')
  const node = state.tree.find(state.tree.keyOf(rdns))
  if (!node) throw new Refusal('invalidCredentials')
  const policy = policyOf(state, node.entry)
  if (!policy) {
    if (!(await hasPassword(node.entry, password.reveal()))) throw new Refusal('invalidCredentials')
    return { reader: readerOf(state, node, false), policy: {} }
  }
  refuseClosed(node, policy, state.clock())
  const proven = await hasPassword(node.entry, password.reveal())
  // Once more: the failures of a parallel attempt may have locked the account while the hash was computed.
  const now = state.clock()
  refuseClosed(node, policy, now)
  if (!proven) return await refuseWrong(state, node, policy, now)
  return await accept(state, node, policy, now)
}

function refuseClosed(node: Node, policy: PasswordPolicy, now: Date): void {
  if (isClosed(node.entry, policy, now)) {
    throw new Refusal('invalidCredentials', '', { policy: { error: 'accountLocked' } })
  }
}

async function refuseWrong(state: State, node: Node, policy: PasswordPolicy, now: Date): Promise<never> {
  const failures = [...recentFailures(node.entry, policy, now), microseconds(now)]
  const locks = policy.lockout && policy.maxFailure > 0 && failures.length >= policy.maxFailure
  await keep(state, node, [
    attribute('pwdFailureTime', ...failures.slice(-Math.max(policy.maxFailure, 5))),
    ...(locks ? [attribute('pwdAccountLockedTime', formatGeneralizedTime(now))] : []),
  ])
  throw new Refusal('invalidCredentials', '', { policy: {} })
}

async function accept(state: State, node: Node, policy: PasswordPolicy, now: Date): Promise<BindAnswer> {
  const cleared = [
    attribute('pwdFailureTime'),
    ...(wasLocked(node.entry, policy, now) ? [attribute('pwdAccountLockedTime')] : []),
  ]
  const mustChange = policy.mustChange && first(node.entry, 'pwdReset') === 'TRUE'
  const changed = timeOf(node.entry, 'pwdChangedTime')
  const left = policy.maxAge > 0 && changed ? policy.maxAge - secondsBetween(changed, now) : undefined
  if (mustChange || left === undefined || left >= 0) {
    await keep(state, node, cleared)
    const warns = !mustChange && left !== undefined && left > 0 && left < policy.expireWarning
    const answer = mustChange ? { error: 'changeAfterReset' as const } : warns ? { expiresIn: left } : {}
    return { reader: readerOf(state, node, mustChange), policy: answer }
  }
  const used = text(node.entry, 'pwdGraceUseTime')
  const graceLeft = policy.graceLimit - used.length
  await keep(
    state,
    node,
    graceLeft > 0 ? [...cleared, attribute('pwdGraceUseTime', ...used, microseconds(now))] : cleared,
  )
  // The draft's only way to say "right, but too late": the password was proven, the result is still 49.
  if (graceLeft < 1) throw new Refusal('invalidCredentials', '', { policy: { error: 'passwordExpired' } })
  return { reader: readerOf(state, node, false), policy: { graceLogins: graceLeft - 1 } }
}

/** A lock that is over, not one that never held: a later date, or a policy without lockout. */
function wasLocked(entry: Entry, policy: PasswordPolicy, now: Date): boolean {
  const since = timeOf(entry, 'pwdAccountLockedTime')
  return policy.lockout && since !== undefined && since <= now
}

async function keep(state: State, { entry }: Node, attributes: readonly Attribute[]): Promise<void> {
  await state.commit(differences(entry, withAttributes(entry, attributes)))
}

function readerOf(state: State, { entry, key }: Node, mustChange: boolean): Reader {
  return { dn: entry.dn, key, isWriter: state.writers.has(key), mustChange }
}

/** Failures and grace uses are sets: two within a second must differ. */
function microseconds(now: Date): string {
  const milliseconds = String(now.getUTCMilliseconds()).padStart(3, '0')
  return formatGeneralizedTime(now).replace('Z', `.${milliseconds}000Z`)
}
