import { SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import type { Control } from '../control.ts'

/** LDAP_SERVER_POLICY_HINTS (MS-ADTS, 3.1.1.3.4.1.27) and, of Windows Server 2008 R2, the OID that it had first. */
export const policyHintsOids = ['1.2.840.113556.1.4.2239', '1.2.840.113556.1.4.2066'] as const

/**
 * On a modify that resets unicodePwd: the whole password policy counts, its history too, which a reset otherwise passes over. Critical: ask
 * the root DSE whether the server knows it.
 */
export function policyHints(oid: (typeof policyHintsOids)[number]): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(1)
    writer.end(sequence)
  })
  return { oid, critical: true, value }
}
