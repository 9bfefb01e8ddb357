import { DatabaseError } from 'pg'

const REPEATS = 3

/**
 * SQLSTATEs by which PostgreSQL says that it undid a transaction for the sake of another one, and that the same may now succeed: a deadlock; a conflict of snapshots, or
 * on a standby with what the primary removed.
 */
const conflicts: readonly (string | undefined)[] = ['40P01', '40001']

/**
 * Runs a statement, or a transaction that does nothing outside of the database, again when PostgreSQL has ended it because of others. A migration that takes more
 * than one table meets whoever writes to them in another order.
 */
export async function againAfterConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let left = REPEATS; ; left--) {
    try {
      return await run()
    } catch (error) {
      const isConflict = error instanceof DatabaseError && conflicts.includes(error.code)
      if (!isConflict || left === 0) throw error
    }
  }
}
