import { errors, type Adapter } from 'oidc-provider'
import { Problem } from '../../src/problems/problem.ts'

/**
 * What the library answers when a store or the directory is down: 503, to the browser and not as a redirect (the application can do nothing
 * about it, and the library's own way would be a 500).
 */
export class Unavailable extends errors.CustomOIDCProviderError {
  readonly retryAfter: number

  constructor(problem: Problem) {
    super('temporarily_unavailable', 'a server that is needed does not answer, try again later', {
      cause: problem,
    })
    this.status = problem.status
    this.statusCode = problem.status
    this.allow_redirect = false
    this.retryAfter = problem.retryAfter ?? 2
  }
}

export async function orUnavailable<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    throw error instanceof Problem && error.status === 503 ? new Unavailable(error) : error
  }
}

/** The adapter with outages told in the library's words. */
export function failingClosed(adapter: Adapter): Adapter {
  return {
    upsert: (id, payload, expiresIn) => orUnavailable(adapter.upsert(id, payload, expiresIn)),
    find: (id) => orUnavailable(adapter.find(id)),
    findByUid: (uid) => orUnavailable(adapter.findByUid(uid)),
    findByUserCode: (code) => orUnavailable(adapter.findByUserCode(code)),
    consume: (id) => orUnavailable(adapter.consume(id)),
    destroy: (id) => orUnavailable(adapter.destroy(id)),
    revokeByGrantId: (id) => orUnavailable(adapter.revokeByGrantId(id)),
  }
}
