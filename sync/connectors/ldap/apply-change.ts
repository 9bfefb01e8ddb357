import type { Control } from '../../../src/ldap/control.ts'
import { PERMISSIVE_MODIFY, permissiveModify } from '../../../src/ldap/controls/permissive-modify.ts'
import { relax } from '../../../src/ldap/controls/try-out.ts'
import { newDn } from '../../../src/ldap/new-dn.ts'
import { ApplyFailure } from '../connector.ts'
import type { Change } from '../../plan/change.ts'
import { applyFailure } from './apply-failure.ts'
import { deleteSubtree } from './delete-subtree.ts'
import type { LdapSide } from './ldap-side.ts'
import { comparable } from './incomparable-values.ts'
import { modifySteps, newEntry } from './written-values.ts'

/** Milliseconds that a server may take for one write. */
const WRITE_TIMEOUT = 60_000

/** Does one operation on the directory. Throws `ApplyFailure`. */
export async function applyChange(side: LdapSide, change: Change): Promise<void> {
  try {
    await act(side, change)
  } catch (error) {
    throw await applyFailure(error, change, side.pool)
  }
}

async function act(side: LdapSide, change: Change): Promise<void> {
  const { pool } = side
  const options = writeOptions(side)
  switch (change.kind) {
    case 'create':
      await pool.add(change.name, newEntry(side, change), options)
      return
    case 'update': {
      const controls = [...options.controls, ...permissive(side)]
      // Only the changes of one step are done together: what stops in between is seen when the entry is read again.
      const modifications = await comparable(side, change.name, change.modifications)
      for (const step of modifySteps(side, modifications))
        await pool.modify(change.name, step, { ...options, controls })
      return
    }
    case 'rename':
      await pool.modifyDn(change.name, newDn(change.name, change.to), options)
      return
    case 'delete':
      await (change.subtree ? deleteSubtree(side, change.name, options) : pool.delete(change.name, options))
      return
    case 'disable':
    case 'enable':
      throw new ApplyFailure(
        'refused',
        'unsupported',
        'accounts are disabled by the directory that knows them',
      )
  }
}

function writeOptions({ options }: LdapSide): { timeout: number; controls: readonly Control[] } {
  return { timeout: WRITE_TIMEOUT, controls: options.relax === true ? [relax()] : [] }
}

/** Active Directory has codes of its own for members that are there already or gone (68, 53): with this control they are no fault (Samba: they are). */
function permissive({ product, server }: LdapSide): Control[] {
  const isKnown = product.kind === 'active-directory' && server.controls.has(PERMISSIVE_MODIFY)
  return isKnown ? [permissiveModify()] : []
}
