import type { Control } from '../control.ts'

/** draft-ietf-ldapext-acl-model: a search brings `attributeLevelRights`, what a user may do with the attributes it asks for (389-DS). */
export const EFFECTIVE_RIGHTS = '1.3.6.1.4.1.42.2.27.9.5.2'

/** Critical: without it the search is of no use. `dn` is whose rights are asked for. */
export function effectiveRights(dn: string): Control {
  return { oid: EFFECTIVE_RIGHTS, critical: true, value: Buffer.from(`dn:${dn}`) }
}
