import type { Operations } from '../ldap/operations.ts'
import type { Dn } from '../ldap/dn.ts'
import { first, text, type Entry } from '../ldap/entry.ts'
import { LdapError } from '../ldap/result.ts'
import type { Change } from '../ldap/update-message.ts'
import { Problem } from '../problems/problem.ts'
import type { Directory } from './directory.ts'
import { isUid, refuseInherited, repairMemberUids } from './member-uids.ts'
import { namingContexts } from './naming-contexts.ts'
import { orUnavailable } from './unavailable.ts'

/** AD answers 68 for a sAMAccountName that is taken, and 19 for a userPrincipalName; slapd's `unique` overlay 19. */
const TAKEN: ReadonlySet<number> = new Set([19, 68])
const UPN = 'userPrincipalName'

/** Changes a login that is no part of the DN: Active Directory's, or `uid` below `cn=`. */
export function loginChanging(pool: Operations, loginAttribute: string): Pick<Directory, 'changeLogin'> {
  return {
    changeLogin: (dn, { from, to }) =>
      orUnavailable(async () => {
        const contexts = isUid(loginAttribute) ? await namingContexts(pool) : []
        const entry = await pool.read(dn, { attributes: [UPN, loginAttribute] })
        if (!isChanged(entry, { from, to })) {
          await refuseInherited(pool, contexts, to)
          await change(dn, [
            ...swap(loginAttribute, from, to),
            ...upnChanges(entry && first(entry, UPN), from, to),
          ])
        }
        return await repairMemberUids(pool, contexts, { from, to })
      }),
  }

  /** By a try that did not come to its end. */
  function isChanged(entry: Entry | undefined, { from, to }: { from: string; to: string }): boolean {
    const logins = entry === undefined ? [] : text(entry, loginAttribute)
    return logins.includes(to) && !logins.includes(from)
  }

  async function change(dn: Dn, changes: readonly Change[]): Promise<void> {
    try {
      await pool.modify(dn, changes)
    } catch (error) {
      if (error instanceof LdapError && TAKEN.has(error.code)) throw new Problem('conflict', { cause: error })
      throw error
    }
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
