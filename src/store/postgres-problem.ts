import { DatabaseError } from 'pg'
import { Problem } from '../problems/problem.ts'

/**
 * SQLSTATE classes and codes that speak of the server and not of the statement: connection (08), who may sign in (28), no such database (3D), resources (53), shutdown and start
 * (57P), cancelled by a timeout (57014), a standby that was promoted or is read-only (25006), lock timeout (55P03).
 */
const unavailable = /^(08|28|3D|53|57P|57014|25006|55P03)/

/** Passes a query on; when PostgreSQL was not reached or did not answer, throws Problem `store-unavailable` instead. */
export async function asStoreProblem<T>(query: Promise<T>): Promise<T> {
  try {
    return await query
  } catch (error) {
    // An error of the server carries a SQLSTATE; all others are about the way to it (refused, reset, timed out, ended).
    const isStatement = error instanceof DatabaseError && !unavailable.test(error.code ?? '')
    throw isStatement ? error : new Problem('store-unavailable', { retryAfter: 2, cause: error })
  }
}

/** Whether PostgreSQL misses a schema, table or column of ours: the database is older than the program. */
export function isOlderDatabase(error: unknown): boolean {
  return error instanceof DatabaseError && ['3F000', '42P01', '42703'].includes(error.code ?? '')
}
