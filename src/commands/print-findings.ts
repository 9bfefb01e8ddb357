import type { Finding } from '../directory/doctor/finding.ts'
import type { Translate } from '../messages/message.ts'
import type { TenantFindings } from './findings-document.ts'

/** For people: by tenant and directory, errors first, each with what, why, and what mends it. */
export function printFindings(
  results: readonly TenantFindings[],
  t: Translate,
  bold: (text: string) => string,
): string {
  const findings = results.flatMap((result) => result.findings)
  const blocks = results.flatMap(({ tenant, findings: own }) =>
    [...Map.groupBy(own, ({ directory }) => directory)].map(([directory, some]) => {
      const head = bold(`${tenant} – ${t('doctor.directory', { name: directory })}`)
      return [head, ...some.map((finding) => block(finding, t, bold))].join('\n\n')
    }),
  )
  return [...blocks, countsText(findings, t)].join('\n\n')
}

function block(finding: Finding, t: Translate, bold: (text: string) => string): string {
  const { code, severity, params, fix } = finding
  const says = t(`doctor.${code}.says`, params)
  const head = bold(t('command.labelled', { label: t(`doctor.severity.${severity}`), text: says }))
  const said = `${head}  [${code}]\n  ${t(`doctor.${code}.why`, params)}`
  // At the start of the line: LDIF and here-documents do not bear a margin, and people copy them.
  return fix === undefined ? said : `${said}\n\n${fix}`
}

function countsText(findings: readonly Finding[], t: Translate): string {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length
  return t('doctor.counts', { errors: count('error'), warnings: count('warning'), notes: count('note') })
}
