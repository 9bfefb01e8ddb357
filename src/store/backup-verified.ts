import { z } from 'zod'
import type { Queries } from './postgres.ts'

/** Notes that a restored copy of this installation was found whole at `at`. The newest counts, whoever notes first. */
export async function noteBackupVerified(queries: Queries, at: Date): Promise<void> {
  await queries.execute(
    `insert into backup_verified (verified_at) values ($1)
      on conflict (only_row) do update set verified_at = greatest(backup_verified.verified_at, excluded.verified_at)`,
    [at],
  )
}

/** When that was last noted; null: never. */
export async function readBackupVerified(queries: Queries): Promise<Date | null> {
  const [found] = await queries.query(row, 'select verified_at as at from backup_verified')
  return found?.at ?? null
}

const row = z.object({ at: z.date() })
