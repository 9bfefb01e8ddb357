/** What to do about it: an error keeps something from working or from being safe, a warning will or may, a note is only to be known. */
export type Severity = 'error' | 'warning' | 'note'

/** Everything that the doctor can find, and how bad it is. Each has the texts `doctor.<code>.says` and `doctor.<code>.why`. */
export const severities = {
  'server-unreachable': 'error',
  'tls-failed': 'error',
  'certificate-expired': 'error',
  'certificate-ending': 'warning',
  'certificate-untrusted': 'error',
  'certificate-wrong-name': 'error',
  'connection-unencrypted': 'warning',
  'bind-refused': 'error',
  'kind-differs': 'error',
  'kind-not-set': 'note',
  'version-unsupported': 'warning',
  'write-refused': 'error',
  'rights-manage': 'error',
  'policy-passed': 'error',
  'rights-unseen': 'note',
  'password-unreadable': 'warning',
  'state-unreadable': 'warning',
  'base-missing': 'error',
  'base-empty': 'warning',
  'login-attribute-unknown': 'error',
  'attribute-unknown': 'warning',
  'name-shared': 'warning',
  'size-limit': 'error',
  'ppolicy-missing': 'error',
  'default-policy-unset': 'warning',
  'default-policy-missing': 'error',
  'default-policy-differs': 'error',
  'policy-unreadable': 'warning',
  'policies-unseen': 'note',
  'lockout-off': 'warning',
  'must-change-off': 'warning',
  'sign-ins-unrecorded': 'warning',
  'password-modify-missing': 'error',
  'password-in-clear': 'error',
  'password-hash-weak': 'warning',
  'password-hash-fast': 'note',
  'encryption-needed': 'error',
  'decoy-unset': 'warning',
  'decoy-missing': 'error',
  'decoy-without-password': 'error',
  'decoy-hash-differs': 'error',
  'decoy-hash-unseen': 'note',
  'decoy-lockable': 'warning',
  'unauthenticated-binds': 'warning',
  'anonymous-read': 'note',
  'clock-differs': 'warning',
  'clock-unseen': 'note',
  'config-unseen': 'note',
  'index-missing': 'warning',
  'references-kept-partly': 'note',
  'names-not-kept-unique': 'note',
  'database-almost-full': 'warning',
  'replica-behind': 'warning',
  'replication-unseen': 'note',
  'role-group-missing': 'error',
  'role-group-outside': 'error',
  'counterpart-missing': 'error',
  'check-failed': 'warning',
  'check-unfinished': 'warning',
} as const satisfies Record<string, Severity>

export type FindingCode = keyof typeof severities

/** Values for the texts. */
export type FindingParams = Readonly<Record<string, string | number | Date>>

export type Finding = {
  readonly code: FindingCode
  readonly severity: Severity
  /** Name of the directory. */
  readonly directory: string
  readonly params: FindingParams
  /** The LDIF, command or setting that mends it, or that shows more. */
  readonly fix?: string
}

/** Makes findings of one directory. */
export type Report = (code: FindingCode, params?: FindingParams, fix?: string) => Finding

export function reportOf(directory: string): Report {
  return (code, params = {}, fix) => ({
    code,
    severity: severities[code],
    directory,
    params,
    ...(fix !== undefined && { fix }),
  })
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** Errors first; the checks' own order otherwise. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((left, right) => order[left.severity] - order[right.severity])
}
