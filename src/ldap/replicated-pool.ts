import { createPool, type Pool, type PoolOptions, type PoolStats } from './pool.ts'
import { createReferrals, withReferrals } from './referrals.ts'
import { WriteTracker } from './write-tracker.ts'

export type ReplicatedPoolOptions = PoolOptions & {
  /** Servers that take writes, in order of preference. Empty: the first of `urls` that answers takes them. */
  readonly primaries: readonly string[]
  /** Attributes with equal values on a primary and its replica once an entry's last write has arrived there. */
  readonly writeMarks: readonly string[]
  /** Milliseconds that a write waits for the replica that answers reads. Default 1,000. */
  readonly catchUpWithin?: number
}

/** `atPrimary`: the same with reads at a primary, for what decides a write. `lags`: the pool's own reads may be older than that. */
export type ReplicatedPool = Pool & { readonly atPrimary: Pool; readonly lags: boolean }

/**
 * A pool over a primary and its replicas. Reads and proofs of passwords go to the first of `urls` that is up (to a primary when none is), writes to a
 * primary. Whoever wrote reads what they wrote: the write waits until the replica has it, and while that takes longer, this pool reads from the
 * primary. A write that a server refers elsewhere (result 10) is sent there, if it is one of the servers named: credentials go with it.
 */
export function createReplicatedPool(options: ReplicatedPoolOptions): ReplicatedPool {
  const { urls, primaries } = options
  const referred = createReferrals(options)
  const all = [...urls, ...primaries.filter((url) => !urls.includes(url))]
  if (takeWrites(urls, primaries)) {
    const pool = withReferrals(createPool({ ...options, urls: all }), referred)
    return { ...pool, atPrimary: pool, lags: false }
  }
  const replicas = createPool({ ...options, urls: all })
  const primary = withReferrals(createPool({ ...options, urls: primaries }), referred)
  const tracker = new WriteTracker({ ...options, replicas, primary })
  const written = <T>(dn: string | undefined, writing: Promise<T>): Promise<T> => tracker.written(dn, writing)
  const writes: Pool = {
    ...primary,
    add: (dn, ...rest) => written(dn, primary.add(dn, ...rest)),
    modify: (dn, ...rest) => written(dn, primary.modify(dn, ...rest)),
    modifyDn: (dn, ...rest) => written(dn, primary.modifyDn(dn, ...rest)),
    delete: (dn, ...rest) => written(dn, primary.delete(dn, ...rest)),
    passwordModify: (change, ...rest) => written(change.user, primary.passwordModify(change, ...rest)),
    asUser: (dn, ...rest) => written(dn, primary.asUser(dn, ...rest)),
  }
  return {
    ...writes,
    ...readsOf(replicas, primary, tracker),
    atPrimary: writes,
    lags: true,
    ping: (pingOptions) => replicas.ping(pingOptions),
    preferred: () => replicas.preferred(),
    stats: () => together(replicas.stats(), primary.stats()),
    close: async (deadline) => {
      tracker.stop()
      await Promise.all([replicas.close(deadline), primary.close(deadline)])
    },
  }
}

/** Whether reads and writes have the same servers in the same order, so that one pool does for both. */
function takeWrites(urls: readonly string[], primaries: readonly string[]): boolean {
  return primaries.length === 0 || urls.every((url, place) => primaries[place] === url)
}

function readsOf(
  replicas: Pool,
  primary: Pool,
  tracker: WriteTracker,
): Pick<Pool, 'read' | 'search' | 'searchAll' | 'compare' | 'whoAmI' | 'verifyBind'> {
  const reader = (): Pool => (tracker.isBehind && primary.preferred() !== undefined ? primary : replicas)

  function answered<T>(ask: (pool: Pool) => Promise<T>): Promise<T> {
    const pool = reader()
    const at = replicas.preferred()
    return pool === primary || !tracker.hasWritten ? ask(pool) : unlessMoved(ask, at)
  }
  /** An answer (a refusal too) that came by way of another server does not count before that one is known to have the last write. */
  async function unlessMoved<T>(ask: (pool: Pool) => Promise<T>, at: string | undefined): Promise<T> {
    const [answer] = await Promise.allSettled([ask(replicas)])
    if (replicas.preferred() !== at) return await ask(reader())
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }

  return {
    search: (...given) => reader().search(...given),
    read: (...given) => answered((pool) => pool.read(...given)),
    searchAll: (...given) => answered((pool) => pool.searchAll(...given)),
    compare: (...given) => answered((pool) => pool.compare(...given)),
    whoAmI: (...given) => reader().whoAmI(...given),
    verifyBind: (...given) => answered((pool) => pool.verifyBind(...given)),
  }
}

function together(one: PoolStats, other: PoolStats): PoolStats {
  const errors = { ...one.errors }
  for (const [code, count] of Object.entries(other.errors)) errors[code] = (errors[code] ?? 0) + count
  const known = new Set(one.servers.map(({ url }) => url))
  return {
    open: one.open + other.open,
    busy: one.busy + other.busy,
    waiting: one.waiting + other.waiting,
    errors,
    servers: [...one.servers, ...other.servers.filter(({ url }) => !known.has(url))],
  }
}
