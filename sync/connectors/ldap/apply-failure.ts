import { LdapFailure } from '../../../src/ldap/failure.ts'
import type { Operations } from '../../../src/ldap/operations.ts'
import { resultCode, resultName } from '../../../src/ldap/result-code.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import { LdapSyntaxError } from '../../../src/ldap/syntax-error.ts'
import type { Change } from '../../plan/change.ts'
import { ApplyFailure, type ApplyFailureKind } from '../connector.ts'

const BY_CODE: Readonly<Record<number, ApplyFailureKind>> = {
  16: 'gone',
  20: 'values-exist',
  51: 'busy',
  52: 'busy',
  66: 'has-children',
  [resultCode.entryAlreadyExists]: 'exists',
}

/** Nothing was sent when no server could be reached or no connection was free. */
const NOT_SENT: ReadonlySet<LdapFailure['kind']> = new Set(['unreachable', 'tls', 'busy'])

/** What a write came to that did not succeed. */
export async function applyFailure(error: unknown, change: Change, pool: Operations): Promise<unknown> {
  if (error instanceof ApplyFailure) return error
  if (error instanceof LdapSyntaxError)
    return new ApplyFailure('refused', 'LDAP 34 invalidDNSyntax', error.message, { cause: error })
  if (error instanceof LdapFailure) {
    const kind = NOT_SENT.has(error.kind) ? 'busy' : 'lost'
    return new ApplyFailure(kind, error.kind, error.message, { cause: error })
  }
  if (!(error instanceof LdapError)) return error
  const kind = await kindOf(error.code, change, pool)
  const code = `LDAP ${error.code} ${resultName(error.code)}`
  return new ApplyFailure(kind, code, error.diagnostic, { cause: error })
}

async function kindOf(code: number, change: Change, pool: Operations): Promise<ApplyFailureKind> {
  if (code === resultCode.noSuchObject) return await missing(change, pool)
  // What Active Directory says of a member that is there already.
  if (code === resultCode.entryAlreadyExists && change.kind === 'update') return 'values-exist'
  return BY_CODE[code] ?? 'refused'
}

/** Which entry is not there: the one to change, or the parent that it should have. */
async function missing(change: Change, pool: Operations): Promise<ApplyFailureKind> {
  if (change.kind === 'create') return 'missing-parent'
  if (change.kind !== 'rename') return 'gone'
  const found = await pool.read(change.name, { attributes: ['1.1'] }).catch(() => undefined)
  return found === undefined ? 'gone' : 'missing-parent'
}
