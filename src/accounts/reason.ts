import type { TenantConfig } from '../config/tenant-schema.ts'
import { Problem } from '../problems/problem.ts'

type Desk = TenantConfig['desk']

/** Acts of the service desk: first those that mend. */
export const deskActs = [
  'unlock',
  'enable',
  'reset',
  'require-change',
  'validity',
  'rename',
  'lock',
  'disable',
] as const satisfies Desk['reasonRequired']
export type DeskAct = (typeof deskActs)[number]

/** The reason as it is written down, if one was given. Throws Problem `reason-required` when the tenant wants one and there is none. */
export function reasonOf(desk: Desk, act: DeskAct, given: string | undefined): { reason?: string } {
  return writtenReason(given, desk.reasonRequired.includes(act))
}

/** The same for an act that always needs one, or never. */
export function writtenReason(given: string | undefined, isRequired: boolean): { reason?: string } {
  const reason = (given ?? '').trim()
  if (reason !== '') return { reason }
  if (!isRequired) return {}
  throw new Problem('reason-required', { faults: [{ field: 'reason', reason: 'required' }] })
}
