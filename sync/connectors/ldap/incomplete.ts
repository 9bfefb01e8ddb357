import { LdapFailure } from '../../../src/ldap/failure.ts'
import { resultName } from '../../../src/ldap/result-code.ts'
import { LdapError } from '../../../src/ldap/result.ts'
import { type IncompleteReason, IncompleteSource } from '../connector.ts'

const BY_CODE: Readonly<Record<number, IncompleteReason>> = {
  3: 'time-limit',
  4: 'size-limit',
  10: 'referral',
  11: 'size-limit',
  51: 'unreachable',
  52: 'unreachable',
}

const BY_KIND: Readonly<Record<LdapFailure['kind'], IncompleteReason>> = {
  unreachable: 'unreachable',
  tls: 'unreachable',
  busy: 'unreachable',
  closed: 'lost',
  timeout: 'lost',
  aborted: 'lost',
  protocol: 'faulty',
  'empty-password': 'refused',
}

/** What to throw for an error that ended a read: `IncompleteSource`, whatever the server said. Errors of our own pass. `begun`: entries had come already. */
export function incomplete(error: unknown, where: string, begun = false): unknown {
  if (error instanceof LdapFailure)
    return new IncompleteSource(BY_KIND[error.kind], `${where}: ${error.message}`, { cause: error })
  if (!(error instanceof LdapError)) return error
  const { code, diagnostic } = error
  const reason = BY_CODE[code] ?? (begun ? 'truncated' : 'refused')
  const said = diagnostic === '' ? '' : `: ${diagnostic}`
  return new IncompleteSource(reason, `${where}: LDAP ${code} ${resultName(code)}${said}`, { cause: error })
}

/** Does something that reads; its errors become `IncompleteSource`. */
export async function orIncomplete<T>(where: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw incomplete(error, where)
  }
}
