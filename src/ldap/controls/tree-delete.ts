import type { Control } from '../control.ts'

/** draft-armijo-ldap-treedelete: a delete takes everything below the entry with it. */
export const TREE_DELETE = '1.2.840.113556.1.4.805'

/** Critical: a server that ignored it would refuse an entry with children. */
export function treeDelete(): Control {
  return { oid: TREE_DELETE, critical: true }
}
