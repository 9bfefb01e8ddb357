/** The closed list of what can go wrong, as programs see it. A code never changes meaning; its texts live in `src/messages` (`problem.<code>`). */
const problemStatus = {
  'invalid-input': 400,
  'not-signed-in': 401,
  'invalid-token': 401,
  'not-permitted': 403,
  'insufficient-scope': 403,
  'more-privileged': 403,
  'own-account': 403,
  'foreign-origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  'already-so': 409,
  'not-enforced': 409,
  'closed-elsewhere': 409,
  'password-elsewhere': 409,
  'not-supported': 409,
  'sync-frozen': 409,
  /** A run of the task is queued, approved or being worked on. */
  'sync-under-way': 409,
  /** Of the Idempotency-Key: the request that came with it first is not done yet; another request came with it before. */
  'in-progress': 409,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'unknown-host': 421,
  'key-reused': 422,
  'reason-required': 422,
  'password-refused': 422,
  'wrong-password': 422,
  'too-many-attempts': 429,
  'header-too-large': 431,
  internal: 500,
  /** The directory answered, and does not let the service account do it. */
  'directory-refused': 502,
  'directory-unavailable': 503,
  'store-unavailable': 503,
  'audit-unavailable': 503,
  overloaded: 503,
  /** The tenant is read-only for now. */
  maintenance: 503,
} as const satisfies Record<string, number>

export type ProblemCode = keyof typeof problemStatus
export const problemCodes: readonly ProblemCode[] = Object.keys(problemStatus).filter(isProblemCode)

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemStatus, code)
}

export type ProblemDetails = {
  /** Field faults for `invalid-input` and `password-refused`: a path or field name and a stable reason code. */
  faults?: readonly Fault[]
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  retryAfter?: number
  /** Values for the ICU text of the code. Never a secret. */
  params?: Readonly<Record<string, string | number>>
  cause?: unknown
}

export type Fault = {
  field: string
  /** A message key below `fault.`, e.g. `too-short`. */
  reason: string
  params?: Readonly<Record<string, string | number>>
}

/** What people and programs are told (RFC 9457). Thrown anywhere, answered and logged once in `plugins/errors.ts`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  readonly faults: readonly Fault[]
  readonly retryAfter: number | undefined
  readonly params: Readonly<Record<string, string | number>>

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code, { cause: details.cause })
    this.code = code
    this.status = problemStatus[code]
    this.faults = details.faults ?? []
    this.retryAfter = details.retryAfter
    this.params = details.params ?? {}
  }
}
