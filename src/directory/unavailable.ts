import { LdapFailure } from '../ldap/failure.ts'
import { LdapError } from '../ldap/result.ts'
import { Problem } from '../problems/problem.ts'

/** Seconds after which a client should ask again: a pool finds a server that came back within this time. */
const RETRY_AFTER = 2

/** Result codes by which a server says that it cannot answer now: time or admin limit, busy, unavailable. */
const NOT_NOW: ReadonlySet<number> = new Set([3, 11, 51, 52])

/**
 * What to throw for an error of an LDAP operation: a dead, silent or overwhelmed directory is the Problem `directory-unavailable`, never an empty
 * answer; a full waiting queue `overloaded`. Other errors pass as they are.
 */
export function directoryProblem(error: unknown): unknown {
  if (error instanceof LdapFailure && error.kind === 'busy') {
    return new Problem('overloaded', { retryAfter: RETRY_AFTER, cause: error })
  }
  if (error instanceof LdapFailure && error.kind !== 'aborted' && error.kind !== 'empty-password') {
    return new Problem('directory-unavailable', { retryAfter: RETRY_AFTER, cause: error })
  }
  if (error instanceof LdapError && NOT_NOW.has(error.code)) {
    return new Problem('directory-unavailable', { retryAfter: RETRY_AFTER, cause: error })
  }
  return error
}

/** Runs an operation and throws what `directoryProblem` makes of its error. */
export async function orUnavailable<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw directoryProblem(error)
  }
}
