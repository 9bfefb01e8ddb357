import { dn as dnOf, formatRdn, parentDn, rdnOf, toDn, type Dn } from '../ldap/dn.ts'
import { attr } from '../ldap/attribute-name.ts'
import type { Operations } from '../ldap/operations.ts'
import { resultCode } from '../ldap/result-code.ts'
import { LdapError } from '../ldap/result.ts'
import { Problem } from '../problems/problem.ts'
import type { Directory, NewName, Repaired } from './directory.ts'
import { isUid, refuseInherited, repairMemberUids } from './member-uids.ts'
import { nothingToRepair } from './repair-entries.ts'
import { readNaming, repairReferences } from './repair-references.ts'
import { orUnavailable } from './unavailable.ts'

/** slapd's `unique` overlay answers 19, a name among siblings 68. */
const TAKEN: ReadonlySet<number> = new Set([resultCode.constraintViolation, resultCode.entryAlreadyExists])

/** Renames by modifyDN, and repairs what held the old name: servers do that for few attributes (slapo-refint), or none. */
export function renaming(pool: Operations): Pick<Directory, 'rename'> {
  return {
    rename: (dn, to) =>
      orUnavailable(async () => {
        const renamed = newDn(dn, to)
        const logins = loginsOf(dn, to)
        // All that is needed after the move is read before it: from there on nothing is thrown.
        const naming = await readNaming(pool)
        if (logins !== null && (await exists(pool, dn)))
          await refuseInherited(pool, naming.contexts, logins.to)
        await move(pool, dn, to, renamed)
        const references = await repairReferences(pool, naming, { old: dn, renamed })
        const groups =
          logins === null ? nothingToRepair : await repairMemberUids(pool, naming.contexts, logins)
        return { dn: renamed, ...both(references, groups) }
      }),
  }
}

/** Null where the RDN is no login that groups name. */
function loginsOf(dn: Dn, { rdn }: NewName): { from: string; to: string } | null {
  const old = rdnOf(dn).find(({ attribute }) => isUid(attribute))
  return old !== undefined && isUid(rdn.attribute) ? { from: old.value.toString(), to: rdn.value } : null
}

function both(one: Repaired, other: Repaired): Repaired {
  const union = <T>(a: readonly T[], b: readonly T[]) => [...new Set([...a, ...b])]
  return {
    repaired: union(one.repaired, other.repaired),
    failed: union(one.failed, other.failed),
    unsearched: union(one.unsearched, other.unsearched),
  }
}

function newDn(dn: Dn, { rdn, parent }: NewName): Dn {
  return dnOf`${attr(rdn.attribute)}=${rdn.value},${parent ?? parentDn(dn) ?? toDn('')}`
}

/** An entry that is at its new name already was renamed by a try that did not come to its end. `unique` looks before slapd looks for the entry. */
async function move(pool: Operations, dn: Dn, { rdn, parent }: NewName, renamed: Dn): Promise<void> {
  try {
    const newRdn = formatRdn([{ attribute: rdn.attribute, value: Buffer.from(rdn.value) }])
    await pool.modifyDn(dn, { newRdn, ...(parent !== undefined && { newSuperior: parent }) })
  } catch (error) {
    const isTaken = error instanceof LdapError && TAKEN.has(error.code)
    const isGone = error instanceof LdapError && error.code === resultCode.noSuchObject
    if (!isTaken && !isGone) throw error
    if (!(await exists(pool, dn)) && (await exists(pool, renamed))) return
    throw new Problem(isTaken ? 'conflict' : 'not-found', { cause: error })
  }
}

async function exists(pool: Operations, dn: Dn): Promise<boolean> {
  return (await pool.read(dn, { attributes: ['1.1'] })) !== undefined
}
