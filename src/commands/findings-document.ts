import type { Finding } from '../directory/doctor/finding.ts'
import type { Translate } from '../messages/message.ts'

export type TenantFindings = { readonly tenant: string; readonly findings: readonly Finding[] }

/** For programs: `code`, `severity` and `params` are stable, the texts are for whoever reads the program's output. */
export function findingsDocument(results: readonly TenantFindings[], t: Translate) {
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
