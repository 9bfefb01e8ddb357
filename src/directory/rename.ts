import { dn as dnOf, formatRdn, parentDn, toDn, type Dn } from '../ldap/dn.ts'
import { attr } from '../ldap/attribute-name.ts'
import type { Operations } from '../ldap/operations.ts'
import { LdapError } from '../ldap/result.ts'
import { Problem } from '../problems/problem.ts'
import type { Directory, NewName } from './directory.ts'
import { repairReferences } from './repair-references.ts'
import { orUnavailable } from './unavailable.ts'

/** slapd's `unique` overlay answers 19, a name among siblings 68. */
const TAKEN: ReadonlySet<number> = new Set([19, 68])
const NO_SUCH_OBJECT = 32

/** Renames by modifyDN, and repairs what held the old DN: servers do that for few attributes (slapo-refint), or none. */
export function renaming(pool: Operations): Pick<Directory, 'rename'> {
  return {
    rename: (dn, to) =>
      orUnavailable(async () => {
        const renamed = newDn(dn, to)
        await move(pool, dn, to, renamed)
        return { dn: renamed, ...(await repairReferences(pool, dn, renamed)) }
      }),
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
    const isGone = error instanceof LdapError && error.code === NO_SUCH_OBJECT
    if (!isTaken && !isGone) throw error
    if (!(await exists(pool, dn)) && (await exists(pool, renamed))) return
    throw new Problem(isTaken ? 'conflict' : 'not-found', { cause: error })
  }
}

async function exists(pool: Operations, dn: Dn): Promise<boolean> {
  return (await pool.read(dn, { attributes: ['1.1'] })) !== undefined
}
