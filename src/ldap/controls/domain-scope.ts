import type { Control } from '../control.ts'

/** LDAP_SERVER_DOMAIN_SCOPE (MS-ADTS, 3.1.1.3.4.1.4): no references to other naming contexts, which are always there below a domain. */
export const DOMAIN_SCOPE = '1.2.840.113556.1.4.1339'

/** Not critical: without it the references come. */
export function domainScope(): Control {
  return { oid: DOMAIN_SCOPE, critical: false }
}
