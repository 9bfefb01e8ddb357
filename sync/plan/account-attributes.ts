import type { DirectoryKind } from '../../src/config/directory-schema.ts'
import type { Values } from '../record.ts'

/** The attributes by which the service desk disables and locks accounts; a task writes them only when it says that it owns them. */
export type AccountAttributes = {
  readonly attributes: ReadonlySet<string>
  /** The wanted values with what is the desk's put back; null: the attribute is wholly the desk's. */
  keep(attribute: string, wanted: Values, present: Values): Values | null
}

const ACCOUNTDISABLE = 0x2

export const accountAttributes: Readonly<Record<DirectoryKind, AccountAttributes>> = {
  openldap: wholly('pwdAccountLockedTime', 'pwdStartTime'),
  ds389: wholly(
    'nsAccountLock',
    'nsRoleDN',
    'passwordRetryCount',
    'accountUnlockTime',
    'retryCountResetTime',
  ),
  'active-directory': {
    attributes: new Set(['useraccountcontrol', 'lockouttime']),
    keep: (attribute, wanted, present) =>
      attribute === 'useraccountcontrol' ? withBit(wanted, present, ACCOUNTDISABLE) : null,
  },
}

function wholly(...names: readonly string[]): AccountAttributes {
  return { attributes: new Set(names.map((name) => name.toLowerCase())), keep: () => null }
}

/** The other bits are the task's: NORMAL_ACCOUNT, DONT_EXPIRE_PASSWORD. */
function withBit(wanted: Values, present: Values, bit: number): Values {
  const [one] = wanted
  const flags = Number(one)
  if (one === undefined || !Number.isInteger(flags) || present.length === 0) return wanted
  return [String((flags & ~bit) | (Number(present[0]) & bit))]
}
