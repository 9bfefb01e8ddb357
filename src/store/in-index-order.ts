import type { Database, Queries } from './postgres.ts'

/**
 * For pages of a table that was filled just now: PostgreSQL has no statistics of it yet, takes a million rows for a few, and would read and sort all of them for
 * each page. Here it walks along the index and stops at the limit.
 */
export async function inIndexOrder<T>(database: Database, act: (queries: Queries) => Promise<T>): Promise<T> {
  return await database.transaction(async (tx) => {
    await tx.execute(
      'set local enable_bitmapscan = off; set local enable_seqscan = off; set local enable_sort = off',
    )
    return await act(tx)
  })
}
