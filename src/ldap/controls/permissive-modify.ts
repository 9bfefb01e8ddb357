import type { Control } from '../control.ts'

/** LDAP_SERVER_PERMISSIVE_MODIFY (MS-ADTS, 3.1.1.3.4.1.8): adding a value that is there, or deleting one that is not, is no error. slapd knows it for additions, without saying so in its root DSE. */
export const PERMISSIVE_MODIFY = '1.2.840.113556.1.4.1413'

export function permissiveModify(critical = true): Control {
  return { oid: PERMISSIVE_MODIFY, critical }
}
