import { errors, Provider, type Adapter } from 'oidc-provider'
import { Problem } from '../../src/problems/problem.ts'

/**
 * The library's answer to what may work later: a server that is down (503), too many tries (429). It is shown to the browser and not sent to the
 * application as a redirect, which can do nothing about it.
 */
export class TryLater extends errors.CustomOIDCProviderError {
  constructor(status: 429 | 503, description: string, cause?: unknown) {
    super('temporarily_unavailable', description, { cause })
    this.status = status
    this.statusCode = status
    this.allow_redirect = false
  }
}

/** The error, with its wait (seconds) in the header of the answer that the library is about to give. */
export function tryLater(status: 429 | 503, description: string, wait: number, cause?: unknown): TryLater {
  Provider.ctx?.set('retry-after', String(wait))
  return new TryLater(status, description, cause)
}

/** Tells an outage of ours in the library's words: by itself it would answer 500. */
export async function orTryLater<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 503) throw error
    throw tryLater(503, 'a server that is needed does not answer', error.retryAfter ?? 2, error)
  }
}

/** The way back, for routes of ours that ask the library. */
export async function orProblem<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    throw error instanceof TryLater && error.cause instanceof Problem ? error.cause : error
  }
}

/** The adapter, whose outages the library answers with 503 instead of 500. */
export function failingClosed(adapter: Adapter): Adapter {
  return {
    upsert: (id, payload, expiresIn) => orTryLater(adapter.upsert(id, payload, expiresIn)),
    find: (id) => orTryLater(adapter.find(id)),
    findByUid: (uid) => orTryLater(adapter.findByUid(uid)),
    findByUserCode: (code) => orTryLater(adapter.findByUserCode(code)),
    consume: (id) => orTryLater(adapter.consume(id)),
    destroy: (id) => orTryLater(adapter.destroy(id)),
    revokeByGrantId: (id) => orTryLater(adapter.revokeByGrantId(id)),
  }
}
