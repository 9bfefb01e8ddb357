import { first, type Entry } from '../../ldap/entry.ts'

/** Bits of userAccountControl (MS-ADTS, 2.2.16). */
export const ACCOUNT_DISABLED = 0x2
export const DONT_EXPIRE_PASSWORD = 0x1_0000
export const SMARTCARD_REQUIRED = 0x4_0000
/** Of msDS-User-Account-Control-Computed: locked now, under whatever policy. */
export const LOCKED_OUT = 0x10

/** Any of them, and the password neither ages nor has to be changed; seen on Samba as MS-ADTS (3.1.1.4.5.29) has it. */
export const NEVER_EXPIRES = DONT_EXPIRE_PASSWORD | SMARTCARD_REQUIRED

export function has(entry: Entry, bits: number): boolean {
  return (Number(first(entry, 'userAccountControl') ?? 0) & bits) !== 0
}
