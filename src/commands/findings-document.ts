import type { Finding } from '../directory/doctor/finding.ts'
import { translator } from '../messages/message.ts'

export type TenantFindings = { readonly tenant: string; readonly findings: readonly Finding[] }

/** For programs, the same in every language: `code`, `severity` and `params` are stable, the texts are English. */
export function findingsDocument(results: readonly TenantFindings[]) {
  const t = translator('en')
  return {
    findings: results.flatMap(({ tenant, findings }) =>
      findings.map(({ code, severity, directory, params, fix }) => ({
        code,
        severity,
        tenant,
        directory,
        params,
        says: t(`doctor.${code}.says`, params),
        why: t(`doctor.${code}.why`, params),
        ...(fix !== undefined && { fix }),
      })),
    ),
  }
}
