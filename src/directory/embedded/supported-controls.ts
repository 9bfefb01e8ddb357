import type { Control } from '../../ldap/control.ts'
import { ASSERTION } from '../../ldap/controls/assertion.ts'
import { MANAGE_DSA_IT } from '../../ldap/controls/manage-dsa-it.ts'
import { PAGED_RESULTS } from '../../ldap/controls/paged-results.ts'
import { PASSWORD_POLICY } from '../../ldap/controls/password-policy.ts'
import { POST_READ } from '../../ldap/controls/post-read.ts'
import { SORT_REQUEST } from '../../ldap/controls/server-side-sort.ts'
import { Refusal } from './refusal.ts'

/** The controls that change something here, and ManageDsaIT, which has nothing to do: there are no referrals. */
export const supportedControls = [
  PAGED_RESULTS,
  PASSWORD_POLICY,
  SORT_REQUEST,
  ASSERTION,
  POST_READ,
  MANAGE_DSA_IT,
]

const onlyForSearches = [PAGED_RESULTS, SORT_REQUEST]

/** Refuses a request whose sender insists on a control that has no effect here (RFC 4511, 4.1.11). */
export function checkControls(type: string, controls: readonly Control[]): void {
  for (const { oid, critical } of controls) {
    const known = supportedControls.includes(oid) && (type === 'search' || !onlyForSearches.includes(oid))
    if (critical && !known)
      throw new Refusal('unavailableCriticalExtension', 'critical extension is not recognized')
  }
}
