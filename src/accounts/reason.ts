import type { TenantConfig } from '../config/tenant-schema.ts'
import { Problem } from '../problems/problem.ts'

type Desk = TenantConfig['desk']

/** Throws Problem `reason-required` when the tenant wants a reason for the act and none was given. */
export function requireReason(
  desk: Desk,
  act: Desk['reasonRequired'][number],
  reason: string | undefined,
): void {
  if (desk.reasonRequired.includes(act) && (reason ?? '').trim() === '') {
    throw new Problem('reason-required', { faults: [{ field: 'reason', reason: 'required' }] })
  }
}
