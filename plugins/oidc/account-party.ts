import type { AuditPerson } from '../../src/audit/event.ts'
import { parseAccountId } from '../../src/accounts/account-id.ts'

/** The person behind a subject, for the audit. Tokens know no login. */
export function auditPartyOf(accountId: string, login = ''): AuditPerson | undefined {
  const parsed = parseAccountId(accountId)
  return parsed === null ? undefined : { kind: 'person', ...parsed, login }
}
