import { first, text } from '../../ldap/entry.ts'
import { policyHints, policyHintsOids } from '../../ldap/controls/policy-hints.ts'
import type { Control } from '../../ldap/control.ts'
import type { Operations } from '../../ldap/operations.ts'

/** Neither changes while a controller runs; another version of it may come at any time. */
const KEPT_MS = 5 * 60_000

export type Domain = {
  dn: string
  /** What a reset must be sent with so that the history of passwords counts; `[]` where the controller knows no such control. */
  resetControls: readonly Control[]
}

/** The domain that the controller serves, as its root DSE says it. Asked once in a few minutes. */
export function createDomain(pool: Operations, clock: () => Date): () => Promise<Domain> {
  let kept: { answer: Promise<Domain>; until: number } | undefined
  return () => {
    const now = clock().getTime()
    if (kept !== undefined && kept.until > now) return kept.answer
    const answer = readDomain(pool)
    kept = { answer, until: now + KEPT_MS }
    // A failed read is not an answer to keep.
    answer.catch(() => (kept = undefined))
    return answer
  }
}

async function readDomain(pool: Operations): Promise<Domain> {
  const rootDse = await pool.read('', { attributes: ['defaultNamingContext', 'supportedControl'] })
  const dn = rootDse && first(rootDse, 'defaultNamingContext')
  if (rootDse === undefined || dn === undefined)
    throw new TypeError('not an Active Directory: it has no domain')
  const supported = text(rootDse, 'supportedControl')
  const oid = policyHintsOids.find((known) => supported.includes(known))
  return { dn, resetControls: oid === undefined ? [] : [policyHints(oid)] }
}
