import type { PasswordPolicyError } from '../../ldap/controls/password-policy.ts'
import { type Attribute, bytes, type Entry, text } from '../../ldap/entry.ts'
import { formatGeneralizedTime, parseGeneralizedTime } from '../../ldap/generalized-time.ts'
import { withAttributes } from './differences.ts'
import { hashPassword, isHashed, verifyPassword } from './password-hash.ts'
import { type PasswordPolicy, policyOf, secondsBetween, timeOf } from './password-policy.ts'
import { Refusal } from './refusal.ts'
import { attribute } from './stamp.ts'
import type { State } from './state.ts'

/** A new password for an entry that exists. */
export type PasswordChange = {
  value: Buffer
  /** By its owner, who is held by more rules than a service account. */
  byOwner: boolean
  /** The old password was given and is right. */
  oldProven: boolean
}

/**
 * Checks a new password against the policy of the entry and gives the attributes that make it the entry's: the hash,
 * its time, the history; locks, failures and the demand to change it end.
 */
export async function changePassword(
  state: State,
  entry: Entry,
  change: PasswordChange,
): Promise<Attribute[]> {
  const policy = policyOf(state, entry)
  const now = state.clock()
  if (policy) {
    if (change.byOwner) checkOwner(entry, policy, change, now)
    checkQuality(policy, change.value)
    await checkHistory(entry, policy, change.value)
  }
  const hash = isHashed(change.value) ? change.value : await hashPassword(change.value)
  return [
    { name: 'userPassword', values: [hash] },
    ...(policy ? [attribute('pwdChangedTime', formatGeneralizedTime(now)), history(entry, policy, now)] : []),
    ...afterChange.map((name) => attribute(name)),
  ]
}

/** What ends when the password changes, whoever changes it. */
export const afterChange = [
  'pwdAccountLockedTime',
  'pwdFailureTime',
  'pwdGraceUseTime',
  'pwdLastSuccess',
  'pwdReset',
]

/** The passwords of an entry that is added: checked and hashed, values that are hashes already stay. */
export async function acceptNewPasswords(state: State, entry: Entry): Promise<Entry> {
  const given = bytes(entry, 'userPassword')
  if (given.length === 0) return entry
  const policy = policyOf(state, entry)
  const hashes: Buffer[] = []
  for (const value of given) {
    if (policy) checkQuality(policy, value)
    hashes.push(isHashed(value) ? value : await hashPassword(value))
  }
  const changed = policy ? [attribute('pwdChangedTime', formatGeneralizedTime(state.clock()))] : []
  return withAttributes(entry, [{ name: 'userPassword', values: hashes }, ...changed])
}

function checkOwner(entry: Entry, policy: PasswordPolicy, change: PasswordChange, now: Date): void {
  if (!policy.allowUserChange) {
    throw refusal(
      'insufficientAccessRights',
      'passwordModNotAllowed',
      'User alteration of password is not allowed',
    )
  }
  if (policy.safeModify && !change.oldProven) {
    throw refusal(
      'insufficientAccessRights',
      'mustSupplyOldPassword',
      'Must supply old password to be changed as well as new one',
    )
  }
  const changed = timeOf(entry, 'pwdChangedTime')
  const wasReset = text(entry, 'pwdReset')[0] === 'TRUE'
  if (policy.minAge > 0 && !wasReset && changed && secondsBetween(changed, now) < policy.minAge) {
    throw refusal('constraintViolation', 'passwordTooYoung', 'Password is too young to change')
  }
}

function checkQuality(policy: PasswordPolicy, value: Buffer): void {
  if (policy.checkQuality === 0) return
  if (isHashed(value)) {
    if (policy.checkQuality < 2) return
    throw refusal(
      'constraintViolation',
      'insufficientPasswordQuality',
      'Password fails quality checking policy',
    )
  }
  // Octets, not characters, are what slapd counts.
  if (value.length < policy.minLength) {
    throw refusal('constraintViolation', 'passwordTooShort', 'Password fails quality checking policy')
  }
}

async function checkHistory(entry: Entry, policy: PasswordPolicy, value: Buffer): Promise<void> {
  if (policy.inHistory === 0) return
  for (const stored of bytes(entry, 'userPassword')) {
    if (await verifyPassword(stored, value)) {
      throw refusal(
        'constraintViolation',
        'passwordInHistory',
        'Password is not being changed from existing value',
      )
    }
  }
  for (const { stored } of readHistory(entry)) {
    if (await verifyPassword(stored, value)) {
      throw refusal('constraintViolation', 'passwordInHistory', 'Password is in history of old passwords')
    }
  }
}

/** `time#syntax#length#value` (the draft, 5.3.5); the newest last. */
function history(entry: Entry, policy: PasswordPolicy, now: Date): Attribute {
  const time = formatGeneralizedTime(now)
  const old = bytes(entry, 'userPassword').map((value) =>
    Buffer.concat([Buffer.from(`${time}#1.3.6.1.4.1.1466.115.121.1.40#${value.length}#`), value]),
  )
  const kept = readHistory(entry).map(({ value }) => value)
  return {
    name: 'pwdHistory',
    values: policy.inHistory === 0 ? [] : [...kept, ...old].slice(-policy.inHistory),
  }
}

function readHistory(entry: Entry): { value: Buffer; stored: Buffer }[] {
  const items = bytes(entry, 'pwdHistory').flatMap((value) => {
    const [, time = '', start = ''] = /^(([^#]*)#[^#]*#\d+#)/.exec(value.toString('latin1')) ?? []
    const head = time
    if (head === '') return []
    return [{ value, at: parseGeneralizedTime(start)?.getTime() ?? 0, stored: value.subarray(head.length) }]
  })
  return items.toSorted((left, right) => left.at - right.at)
}

function refusal(
  reason: 'constraintViolation' | 'insufficientAccessRights',
  error: PasswordPolicyError,
  diagnostic: string,
): Refusal {
  return new Refusal(reason, diagnostic, { policy: { error } })
}
