import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, connect } from '../../../../src/ldap/connection.ts'
import { LdapFailure } from '../../../../src/ldap/failure.ts'
import type { PoolOptions } from '../../../../src/ldap/pool.ts'
import { LdapError } from '../../../../src/ldap/result.ts'
import type { FeedEvent } from '../../connector.ts'
import { incomplete } from '../incomplete.ts'

/** Milliseconds before another try: doubled each time, up to the last. */
const FIRST_PAUSE = 100
const LAST_PAUSE = 15_000

/** Result codes that pass: busy, unavailable. */
const PASSING: ReadonlySet<number> = new Set([51, 52])
/** Of a replica that lags, or a slapd that crashed: a delete that was its last change is not in its contextCSN any more, until the next one is. */
const BEHIND = /consumer state is newer than provider/i

export type Following = {
  readonly servers: Pick<PoolOptions, 'urls' | 'connect'>
  readonly where: string
  readonly follow: boolean
  readonly signal: AbortSignal
}

/**
 * The events of one connection after the other: who follows comes back when a connection is lost, to where `session` had come. Each has a connection of its
 * own, to the first server that answers. Throws `IncompleteSource` for what waiting would not mend. Ends without a word when `signal` is aborted.
 */
export async function* reconnecting(
  { servers, where, follow, signal }: Following,
  session: (connection: Connection) => AsyncIterable<FeedEvent>,
): AsyncGenerator<FeedEvent> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const connection = await openFirst(servers, signal)
      try {
        for await (const event of session(connection)) {
          failures = 0
          yield event
        }
      } finally {
        connection.unbind()
      }
      if (!follow) return
    } catch (error) {
      if (signal.aborted) return
      if (!follow || !mayPass(error)) throw incomplete(error, where)
    }
    const pause = Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** failures)
    await wait(pause, undefined, { signal }).catch(() => {})
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof LdapError) return PASSING.has(error.code) || BEHIND.test(error.diagnostic)
  return error instanceof LdapFailure && error.kind !== 'empty-password'
}

async function openFirst(
  { urls, connect: how }: Following['servers'],
  signal: AbortSignal,
): Promise<Connection> {
  let last: unknown = new LdapFailure('unreachable', 'no server is named')
  for (const url of urls) {
    try {
      return await connect({ ...how, url, signal })
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error
      last = error
    }
  }
  throw last
}
