import type { Control } from '../control.ts'

/** RFC 3296: treat referral objects as entries like others, to read or change them. */
export const MANAGE_DSA_IT = '2.16.840.1.113730.3.4.2'

export function manageDsaIt(critical = true): Control {
  return { oid: MANAGE_DSA_IT, critical }
}
