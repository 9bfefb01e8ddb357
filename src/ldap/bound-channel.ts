import { bind, type Credentials } from './bind.ts'
import type { Channel } from './channel.ts'
import { type ConnectOptions, openChannel } from './connection.ts'
import type { OperationOptions } from './operations.ts'
import type { Outcome } from './result.ts'
import type { Servers } from './servers.ts'

/** How a pool connects. */
export type PoolConnect = Omit<ConnectOptions, 'url' | 'signal'>

/** A connection, and what the server said to its bind; undefined when there was none. */
export type BoundChannel = { readonly channel: Channel; readonly bound: Outcome | undefined }

type At = {
  readonly url: string
  /** Nobody when absent. */
  readonly credentials?: Credentials | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a connection that the pool's servers listen to, and binds. The connect timeout is for the connection alone: a bind counts as an
 * operation, since slow hashes and a storm of sign-ins make it last.
 */
export async function openBound(
  { connect, servers }: { connect: PoolConnect; servers: Servers },
  { url, credentials, signal }: At,
  options: OperationOptions = {},
): Promise<BoundChannel> {
  const { bind: _, ...unbound } = connect
  const channel = await openChannel({ ...unbound, url, ...(signal && { signal }) })
  servers.track(url, channel)
  try {
    return { channel, bound: credentials && (await bind(channel, credentials, options)) }
  } catch (error) {
    channel.unbind()
    throw error
  }
}
