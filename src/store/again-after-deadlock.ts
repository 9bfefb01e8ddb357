import { DatabaseError } from 'pg'

const REPEATS = 3

/**
 * Runs a statement, or a transaction that does nothing outside of the database, again when PostgreSQL has ended it to resolve a deadlock: all of it was undone, and the
 * other side goes on. A migration that takes more than one table meets whoever writes to them in another order.
 */
export async function againAfterDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let left = REPEATS; ; left--) {
    try {
      return await run()
    } catch (error) {
      const isDeadlock = error instanceof DatabaseError && error.code === '40P01'
      if (!isDeadlock || left === 0) throw error
    }
  }
}
