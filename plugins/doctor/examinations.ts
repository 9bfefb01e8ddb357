import { examine } from '../../src/directory/doctor/examine.ts'
import type { Finding } from '../../src/directory/doctor/finding.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

export type Examination = { readonly findings: readonly Finding[]; readonly at: Date }

const KEPT_MS = 60_000

/** Examines a tenant's directories at most once a minute, whoever asks and however often: it costs the servers something. */
export function createExaminations(clock: () => Date): (tenant: Tenant) => Promise<Examination> {
  const kept = new WeakMap<Tenant, { at: Date; answer: Promise<Examination> }>()
  return (tenant) => {
    const known = kept.get(tenant)
    const at = clock()
    if (known !== undefined && at.getTime() - known.at.getTime() < KEPT_MS) return known.answer
    const answer = examine(tenant.config, clock).then((findings) => ({ findings, at }))
    kept.set(tenant, { at, answer })
    // A failed examination is not an answer to keep.
    answer.catch(() => kept.delete(tenant))
    return answer
  }
}
