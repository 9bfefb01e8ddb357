import { LdapError } from '../ldap/result.ts'

const NO_SUCH_OBJECT = 32
const INSUFFICIENT_ACCESS = 50

/** Whether a search was refused because the service account may not look there, or nothing is there. Busy servers and time limits are something else. */
export function isNotForUs(error: unknown): boolean {
  return error instanceof LdapError && (error.code === NO_SUCH_OBJECT || error.code === INSUFFICIENT_ACCESS)
}
