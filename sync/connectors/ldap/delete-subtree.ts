import { TREE_DELETE, treeDelete } from '../../../src/ldap/controls/tree-delete.ts'
import { manageDsaIt } from '../../../src/ldap/controls/manage-dsa-it.ts'
import { parseDn } from '../../../src/ldap/dn.ts'
import { filter } from '../../../src/ldap/filter.ts'
import type { OperationOptions } from '../../../src/ldap/operations.ts'
import type { LdapSide } from './ldap-side.ts'

/** Deletes an entry with everything below it: by the server's own control, else the children first. */
export async function deleteSubtree(side: LdapSide, name: string, options: OperationOptions): Promise<void> {
  const { pool, server } = side
  if (server.controls.has(TREE_DELETE)) {
    await pool.delete(name, { ...options, controls: [...(options.controls ?? []), treeDelete()] })
    return
  }
  for (const level of (await namesBelow(side, name)).toReversed())
    await Promise.all(level.map((child) => pool.delete(child, options)))
}

/** The DNs of the subtree by their depth, the entry itself first. Referral objects are entries here: they are deleted too. */
async function namesBelow({ pool, pageSize }: LdapSide, base: string): Promise<string[][]> {
  const levels = new Map<number, string[]>()
  const search = pool.search({
    base,
    filter: filter`(objectClass=*)`,
    attributes: ['1.1'],
    controls: [manageDsaIt(false)],
    ...(pageSize > 0 && { paged: pageSize }),
  })
  for await (const { dn } of search) {
    const depth = parseDn(dn).length
    const level = levels.get(depth) ?? []
    level.push(dn)
    levels.set(depth, level)
  }
  return [...levels].toSorted(([one], [other]) => one - other).map(([, names]) => names)
}
