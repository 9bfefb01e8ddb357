import { setInterval } from 'node:timers/promises'
import { z } from 'zod'
import { commandText } from '../messages/command-text.ts'
import type { Queries } from './postgres.ts'

/** A session that another one waits for. What it runs is not here: a query's text may hold anything. */
export type LockHolder = z.infer<typeof holderRow>

const holderRow = z.object({
  /** 0: a transaction that was prepared, and has no session. */
  pid: z.number(),
  program: z.string().nullable(),
  /** As in `pg_stat_activity`; null when it is of another role, and we may not see it. */
  state: z.string().nullable(),
  /** Age of its transaction, in seconds. */
  seconds: z.number().nullable(),
})

/** Gives what `work` gives. Meanwhile tells `seen`, `every` ms, whom the session `pid` waits for, if anybody. */
export async function watchLockHolders<T>(
  work: Promise<T>,
  { queries, pid, every }: { queries: Queries; pid: number; every: number },
  seen: (holders: readonly LockHolder[]) => void,
): Promise<T> {
  const done = new AbortController()
  const watch = async (): Promise<void> => {
    for await (const _ of setInterval(every, undefined, { signal: done.signal })) {
      const holders = await queries.query(holderRow, holdersSql, [pid])
      if (holders.length > 0) seen(holders)
    }
  }
  // The work does not depend on it; it ends with an error when it is told to end.
  void watch().catch(() => {})
  try {
    return await work
  } finally {
    done.abort()
  }
}

/** For whoever migrates: `pid 4711 (pg_dump, active, for 312 s)`. */
export function describeLockHolders(holders: readonly LockHolder[]): string {
  if (holders.length === 0) return commandText('migrate.holder.nobody')
  return holders.map(describe).join(', ')
}

function describe({ pid, program, state, seconds }: LockHolder): string {
  if (pid === 0) return commandText('migrate.holder.prepared')
  const since =
    seconds === null ? null : commandText('migrate.holder.since', { seconds: Math.round(seconds) })
  const facts = [program, state, since].filter((fact) => fact !== null).join(', ')
  return commandText('migrate.holder', { pid, facts: facts || commandText('migrate.holder.hidden') })
}

const holdersSql = `select holder.pid, coalesce(nullif(application_name, ''), backend_type) as program, state,
    extract(epoch from clock_timestamp() - xact_start)::float8 as seconds
  from (select distinct unnest(pg_blocking_pids($1)) as pid) holder left join pg_stat_activity using (pid)
  order by xact_start nulls last`
