import type { Control } from '../control.ts'

/** LDAP_SERVER_SHOW_DELETED (MS-ADTS, 3.1.1.3.4.1.14): a search also brings objects that were deleted, as far as the account may see them. */
export const SHOW_DELETED = '1.2.840.113556.1.4.417'
/** LDAP_SERVER_SHOW_RECYCLED (3.1.1.3.4.1.26): where the recycle bin is on, those that have left it too. */
export const SHOW_RECYCLED = '1.2.840.113556.1.4.2064'

export function showDeleted(critical = true): Control {
  return { oid: SHOW_DELETED, critical }
}

export function showRecycled(critical = true): Control {
  return { oid: SHOW_RECYCLED, critical }
}
