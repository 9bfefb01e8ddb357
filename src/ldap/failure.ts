/**
 * Why an operation ended without a result from the server:
 * - `unreachable`: no connection could be opened
 * - `tls`: the handshake failed or the certificate was refused
 * - `closed`: the connection ended while the operation ran, or had ended before
 * - `timeout`: the server did not answer in time
 * - `protocol`: bytes that are not LDAP
 * - `aborted`: the caller gave up (AbortSignal, abandon, end of a loop)
 * - `empty-password`: a bind with a DN and no password, which servers take for an anonymous success (RFC 4513, 5.1.2)
 * - `busy`: the pool's waiting queue is full
 */
export type FailureKind =
  | 'unreachable'
  | 'tls'
  | 'closed'
  | 'timeout'
  | 'protocol'
  | 'aborted'
  | 'empty-password'
  | 'busy'

/** An operation that got no result. When the server did answer, with a refusal, it is an `LdapError` instead. */
export class LdapFailure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'LdapFailure'
    this.kind = kind
  }
}

/** The failure for bytes that break the protocol. */
export function protocolFailure(message: string): LdapFailure {
  return new LdapFailure('protocol', message)
}
