import { resultCode } from '../ldap/result-code.ts'
import { LdapError } from '../ldap/result.ts'

/** Whether a search was refused because the service account may not look there, or nothing is there. Busy servers and time limits are something else. */
export function isNotForUs(error: unknown): boolean {
  return (
    error instanceof LdapError &&
    (error.code === resultCode.noSuchObject || error.code === resultCode.insufficientAccessRights)
  )
}
