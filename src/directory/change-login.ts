import type { Operations } from '../ldap/operations.ts'
import { first } from '../ldap/entry.ts'
import { LdapError } from '../ldap/result.ts'
import type { Change } from '../ldap/update-message.ts'
import { Problem } from '../problems/problem.ts'
import type { Directory } from './directory.ts'
import { orUnavailable } from './unavailable.ts'

/** AD answers 68 for a sAMAccountName that is taken, and 19 for a userPrincipalName; slapd's `unique` overlay 19. */
const TAKEN: ReadonlySet<number> = new Set([19, 68])
const UPN = 'userPrincipalName'

/** Changes a login that is no part of the DN: Active Directory's, or `uid` below `cn=`. */
export function loginChanging(pool: Operations, loginAttribute: string): Pick<Directory, 'changeLogin'> {
  return {
    changeLogin: (dn, { from, to }) =>
      orUnavailable(async () => {
        const entry = await pool.read(dn, { attributes: [UPN] })
        const upn = entry && first(entry, UPN)
        try {
          await pool.modify(dn, [...swap(loginAttribute, from, to), ...upnChanges(upn, from, to)])
        } catch (error) {
          if (error instanceof LdapError && TAKEN.has(error.code))
            throw new Problem('conflict', { cause: error })
          throw error
        }
      }),
  }
}

/** `hugo@acme.example` follows `hugo`; a principal name of another make is somebody's own choice. */
function upnChanges(upn: string | undefined, from: string, to: string): Change[] {
  const at = upn?.lastIndexOf('@') ?? -1
  if (upn === undefined || at < 0 || upn.slice(0, at).toLowerCase() !== from.toLowerCase()) return []
  return swap(UPN, upn, to + upn.slice(at))
}

/** Fails when somebody else was faster: the old value is gone then. */
function swap(attribute: string, from: string, to: string): Change[] {
  return [
    { operation: 'delete', attribute, values: [from] },
    { operation: 'add', attribute, values: [to] },
  ]
}
