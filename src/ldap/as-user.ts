import { refuseEmptyPassword } from './bind.ts'
import { openBound, type PoolConnect } from './bound-channel.ts'
import { connectionOver, type Connection } from './connection.ts'
import type { FailureCounts } from './failure-counts.ts'
import { LdapFailure } from './failure.ts'
import type { Limiter } from './limiter.ts'
import type { OperationOptions } from './operations.ts'
import type { Outcome } from './result.ts'
import type { Secret } from './secret.ts'
import type { Servers } from './servers.ts'

/** Does something as a user, and knows what the server said to their bind. */
export type AsUser = <T>(
  dn: string,
  password: string | Buffer | Secret,
  use: (connection: Connection, bound: Outcome) => Promise<T>,
  options?: OperationOptions,
) => Promise<T>

/** Users bind on connections of their own, which end with what was done: no identity is ever left on a shared one. */
export function makeAsUser({
  connect,
  servers,
  limiter,
  failures,
}: {
  connect: PoolConnect
  servers: Servers
  limiter: Limiter
  failures: FailureCounts
}): AsUser {
  return async (dn, password, use, options = {}) => {
    const credentials = { dn, password }
    refuseEmptyPassword(credentials)
    await limiter.enter(options.signal)
    try {
      const { channel, bound } = await servers.open((url, dead) => {
        const signal = options.signal ? AbortSignal.any([options.signal, dead]) : dead
        return openBound({ connect, servers }, { url, signal, credentials }, options)
      }, hasNoAnswer)
      try {
        if (!bound) throw new LdapFailure('protocol', 'the connection was not bound')
        return await use(connectionOver(channel), bound)
      } finally {
        channel.unbind()
      }
    } catch (error) {
      failures.error(error)
      throw error
    } finally {
      limiter.leave()
    }
  }
}

/**
 * The next server is asked, though a bind may have been sent and count as a try for the lockout of the account: whoever signs in while a server dies is
 * better served by one try too many than by none.
 */
function hasNoAnswer(error: unknown): boolean {
  return error instanceof LdapFailure && ['unreachable', 'tls', 'timeout', 'closed'].includes(error.kind)
}
