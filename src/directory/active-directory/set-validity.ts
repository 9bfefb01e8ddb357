import type { Dn } from '../../ldap/dn.ts'
import { first } from '../../ldap/entry.ts'
import type { Operations } from '../../ldap/operations.ts'
import { Problem } from '../../problems/problem.ts'
import type { ActOutcome, Validity } from '../directory.ts'
import { fileTimeOf, largeInteger, NEVER } from './file-time.ts'

const ATTRIBUTE = 'accountExpires'

/**
 * Sets accountExpires; a start there is not. Throws Problem `invalid-input` for an end that the server cannot keep: in 1601 or before, or
 * after 30828.
 */
export async function setValidity(pool: Operations, dn: Dn, { from, until }: Validity): Promise<ActOutcome> {
  if (from) return 'not-supported'
  if (until === undefined) return 'already-so'
  const wanted = until === null ? NEVER : fileTimeOf(until)
  if (until !== null && (wanted <= 0n || wanted >= NEVER)) {
    throw new Problem('invalid-input', { faults: [{ field: 'until', reason: 'date-not-kept' }] })
  }
  const entry = await pool.read(dn, { attributes: [ATTRIBUTE] })
  const present = (entry && largeInteger(first(entry, ATTRIBUTE))) ?? NEVER
  // 0 means never too.
  if (wanted === (present === 0n ? NEVER : present)) return 'already-so'
  await pool.modify(dn, [{ operation: 'replace', attribute: ATTRIBUTE, values: [String(wanted)] }])
  return 'done'
}
