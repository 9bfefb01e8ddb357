import type { Channel } from './channel.ts'
import { ChannelSet } from './channel-set.ts'
import { openBound, type PoolConnect } from './bound-channel.ts'
import { FailureCounts } from './failure-counts.ts'
import { checkHealth } from './health-check.ts'
import { Limiter } from './limiter.ts'
import { makeOperations, type OperationOptions, type Operations } from './operations.ts'
import { pooledCaller, pooledSource } from './pooled-operations.ts'
import type { Outcome } from './result.ts'
import type { Secret } from './secret.ts'
import { Servers } from './servers.ts'
import { watchSilence } from './silence-watch.ts'
import { type AsUser, makeAsUser } from './as-user.ts'

export type PoolOptions = {
  /** The servers in order of preference. */
  readonly urls: readonly string[]
  /** How to connect and whom to bind as. `connectTimeout` is 800 ms when there is another server to go to. */
  readonly connect: PoolConnect
  /** Shared connections at most, with several operations on each. Default 4. */
  readonly size?: number
  /** Operations at once on a shared connection. Default 64. */
  readonly perConnection?: number
  /** Connections for streamed and paged searches, one each, at most. Default 4. */
  readonly exports?: number
  /** Binds of users at once, each on its own connection. Default 32. */
  readonly userBinds?: number
  /** Operations that may wait for a connection, of each kind; the next one fails as `busy`. Default 1,000. */
  readonly maxWaiting?: number
  /** Milliseconds that one may wait. Default 5,000. */
  readonly waitTimeout?: number
  /** Milliseconds after which an unused connection is closed. Default 60,000. */
  readonly idle?: number
  /** Milliseconds between health checks of the open connections. Default 2,000. */
  readonly healthInterval?: number
  readonly clock?: () => Date
}

export type PoolStats = {
  /** Connections open now, those of user binds left out. */
  readonly open: number
  /** Operations that run now, user binds included. */
  readonly busy: number
  /** Operations that wait for a connection. */
  readonly waiting: number
  /** Operations that failed so far, by result code (`49`) or kind of failure (`closed`). */
  readonly errors: Readonly<Record<string, number>>
  readonly servers: readonly { readonly url: string; readonly up: boolean }[]
}

/**
 * LDAP over several servers, bound as one service account. Operations share connections, several at once on each; a
 * streamed or paged search has one to itself, since a slow reader makes its whole connection wait and slapd takes one
 * paged search per connection. A read that lost its connection is sent once more; a write never is, once sent.
 */
export interface Pool extends Operations {
  /** Proves a password on a connection of its own that ends with it. Throws the `LdapError` of a refusal, with its controls. */
  verifyBind(dn: string, password: string | Buffer | Secret, options?: OperationOptions): Promise<Outcome>
  /** Binds as a user on a connection of its own and hands it over, with what the server said, until the promise of `use` ends. */
  asUser: AsUser
  /** Throws `LdapFailure` when no server answers. */
  ping(options?: OperationOptions): Promise<void>
  /** The server that reads go to now; undefined when none is up. */
  preferred(): string | undefined
  stats(): PoolStats
  /** Takes no more operations, waits for those that run, at most `deadline` milliseconds (default 5,000), and closes. */
  close(deadline?: number): Promise<void>
}

/** Milliseconds for the bind of a probe: a server that takes longer is not back yet. */
const PROBE_TIMEOUT = 1_000

/** Makes a pool. Nothing connects before the first operation. */
export function createPool(options: PoolOptions): Pool {
  const { maxWaiting = 1_000, waitTimeout = 5_000, idle = 60_000, clock = () => new Date() } = options
  const connect = { connectTimeout: options.urls.length > 1 ? 800 : 5_000, ...options.connect }
  const retireUnpreferred = (): void => sets.forEach((set) => set.retire(new Date(0)))
  const servers = new Servers(options.urls, probe, retireUnpreferred)
  const opening = { connect, servers }
  const credentials = connect.bind
  const open = async (url: string, signal: AbortSignal): Promise<Channel> =>
    (await openBound(opening, { url, credentials, signal })).channel
  async function probe(url: string): Promise<void> {
    const { channel } = await openBound(opening, { url, credentials }, { timeout: PROBE_TIMEOUT })
    channel.unbind()
  }
  const common = { maxWaiting, waitTimeout, servers, open, clock }
  const shared = new ChannelSet({
    ...common,
    size: options.size ?? 4,
    perChannel: options.perConnection ?? 64,
  })
  const exclusive = new ChannelSet({ ...common, size: options.exports ?? 4, perChannel: 1 })
  const sets = [shared, exclusive]
  const userBinds = new Limiter(options.userBinds ?? 32, maxWaiting, waitTimeout)
  const failures = new FailureCounts()
  const health = setInterval(() => {
    for (const set of sets) {
      set.retire(new Date(clock().getTime() - idle))
      set.checkHealth(connect.connectTimeout)
    }
  }, options.healthInterval ?? 2_000)
  const endWatch = watchSilence(servers, async (url) => (await openBound(opening, { url })).channel)
  const asUser = makeAsUser({ ...opening, limiter: userBinds, failures })
  return {
    ...makeOperations(pooledCaller(shared, failures), pooledSource(shared, exclusive, failures)),
    asUser,
    verifyBind: (dn, password, bindOptions) =>
      asUser(dn, password, (_, bound) => Promise.resolve(bound), bindOptions),
    ping: async (pingOptions = {}) => {
      const lease = await shared.lease(pingOptions.signal)
      await checkHealth(lease.channel, pingOptions).finally(() => lease.release())
    },
    preferred: () => servers.preferred,
    stats: () => ({
      open: shared.open + exclusive.open,
      busy: shared.busy + exclusive.busy + userBinds.inside,
      waiting: shared.waiting + exclusive.waiting + userBinds.waiting,
      errors: failures.counts,
      servers: servers.states,
    }),
    close: async (deadline = 5_000) => {
      clearInterval(health)
      endWatch()
      servers.close()
      sets.forEach((set) => set.refuse())
      await within(deadline, Promise.all([shared.drained(), exclusive.drained(), userBinds.drained()]))
      sets.forEach((set) => set.close())
    },
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
