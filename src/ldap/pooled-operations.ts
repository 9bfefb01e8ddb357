import { call, type CallOutcome, type CallRequest } from './call.ts'
import type { ChannelSet, Lease } from './channel-set.ts'
import type { FailureCounts } from './failure-counts.ts'
import { LdapFailure } from './failure.ts'
import type { Caller, OperationOptions } from './operations.ts'
import type { SearchLease, SearchSource } from './search-run.ts'

/** Reads are sent again when their connection turns out dead. When a server dies, several may be, one after the other. */
const RETRIES = 5

/** Sends single-response operations over the shared connections. */
export function pooledCaller(shared: ChannelSet, failures: FailureCounts): Caller {
  const attempt = async (request: CallRequest, options: OperationOptions): Promise<CallOutcome> => {
    const lease = await shared.lease(options.signal)
    return call(lease.channel, request, options).finally(() => lease.release())
  }
  return async (request, options) => {
    for (let retries = isRead(request) ? RETRIES : 0; ; retries--) {
      try {
        const outcome = await attempt(request, options)
        failures.code(outcome.code)
        return outcome
      } catch (error) {
        failures.error(error)
        if (retries === 0 || !isLost(error)) throw error
      }
    }
  }
}

/** A write may have been done although its connection was lost before the answer. */
function isRead(request: CallRequest): boolean {
  return request.type === 'compare'
}

function isLost(error: unknown): boolean {
  return error instanceof LdapFailure && error.kind === 'closed'
}

/** Gives searches their connection: a shared one, or one for themselves. */
export function pooledSource(
  shared: ChannelSet,
  exclusive: ChannelSet,
  failures: FailureCounts,
): SearchSource {
  const searchLease = (lease: Lease, alone: boolean): SearchLease => ({
    channel: lease.channel,
    release: (error) => {
      if (error !== undefined) failures.error(error)
      // An abandoned paged search leaves a page open at the server: the next one on that connection might be refused.
      lease.release(alone && error !== undefined)
    },
  })
  return {
    retries: RETRIES,
    lease: (alone, signal) => {
      const lease = (alone ? exclusive : shared).lease(signal)
      if (!(lease instanceof Promise)) return searchLease(lease, alone)
      return lease.then(
        (value) => searchLease(value, alone),
        (error: unknown) => {
          failures.error(error)
          throw error
        },
      )
    },
  }
}
