import { bind, type Credentials, refuseEmptyPassword } from './bind.ts'
import { call } from './call.ts'
import { Channel } from './channel.ts'
import { type Endpoint, parseEndpoint } from './endpoint.ts'
import { CANCEL, writeCancel } from './extended/cancel.ts'
import { LdapFailure } from './failure.ts'
import { abortFailure, openSocket, secureSocket, type TlsOptions } from './open-socket.ts'
import { makeOperations, type OperationOptions, type Operations } from './operations.ts'
import { expectSuccess, type Outcome } from './result.ts'
import { startTls } from './start-tls.ts'

export type ConnectOptions = {
  /** `ldap://`, `ldaps://` or `ldapi://`. */
  readonly url: string
  /** Ask for TLS on an `ldap://` connection, before the bind. */
  readonly startTls?: boolean
  readonly tls?: TlsOptions
  readonly bind?: Credentials
  /** Milliseconds for connection, TLS and bind together. Default 5,000. */
  readonly connectTimeout?: number
  /** Milliseconds that the server may stay silent in an operation; one may ask for another time. Default 10,000. */
  readonly operationTimeout?: number
  /** A larger message from the server ends the connection. Default 64 MiB. */
  readonly maxMessageBytes?: number
  readonly signal?: AbortSignal
}

/** One connection to a server. Any number of operations may run on it at once. */
export interface Connection extends Operations {
  /** Binds again; no other operation may be running (RFC 4511, 4.2.1). */
  bind(credentials: Credentials, options?: OperationOptions): Promise<Outcome>
  /** Gives up an operation by its message id (`search.messageId`); it fails as `aborted`. */
  abandon(messageId: number): void
  /** RFC 3909: like abandon, with an answer; the operation ends with the server's result 118. */
  cancel(messageId: number, options?: OperationOptions): Promise<Outcome>
  /** Says goodbye and closes; what still runs fails as `closed`. */
  unbind(): void
  /** Why the connection ended; undefined while it is usable. */
  readonly failure: LdapFailure | undefined
  /** Calls back once, when the connection has ended. */
  onClose(listener: (failure: LdapFailure) => void): void
}

/**
 * Connects, starts TLS if asked, and binds, as one step: there is no connection that is half ready. Throws an
 * `LdapFailure` (`unreachable`, `tls`, `timeout`, ...) or the `LdapError` of a refused StartTLS or bind.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  return connectionOver(await openChannel(options))
}

/** As `connect`, for those who need the channel itself. */
export async function openChannel(options: ConnectOptions): Promise<Channel> {
  const { connectTimeout = 5_000, signal } = options
  const endpoint = parseEndpoint(options.url)
  if (options.bind) refuseEmptyPassword(options.bind)
  const controller = new AbortController()
  const late = new LdapFailure('timeout', `not connected within ${connectTimeout} ms`)
  const timer = setTimeout(() => controller.abort(late), connectTimeout)
  const onAbort = (): void => controller.abort(signal && abortFailure(signal))
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  try {
    return await establish(endpoint, options, controller.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

async function establish(endpoint: Endpoint, options: ConnectOptions, signal: AbortSignal): Promise<Channel> {
  const { tls = {}, operationTimeout = 10_000, maxMessageBytes = 64 * 1024 * 1024 } = options
  const socket = await openSocket(endpoint, tls, signal)
  const channel = new Channel(socket, { operationTimeout, maxMessageBytes })
  const onAbort = (): void => channel.fail(abortFailure(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (options.startTls === true) {
      const host = endpoint.type === 'tcp' ? endpoint.host : 'localhost'
      await startTls(channel, (plain) => secureSocket(plain, host, tls, signal))
    }
    if (options.bind) await bind(channel, options.bind, {})
    return channel
  } catch (error) {
    channel.unbind()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The operations of a channel. */
export function connectionOver(channel: Channel): Connection {
  const operations = makeOperations((request, options) => call(channel, request, options), {
    lease: () => ({ channel, release: () => {} }),
    retries: 0,
  })
  return {
    ...operations,
    bind: (credentials, options = {}) => bind(channel, credentials, options),
    abandon: (messageId) => channel.abandon(messageId),
    cancel: async (messageId, options = {}) =>
      expectSuccess(
        await call(channel, { type: 'extended', oid: CANCEL, value: writeCancel(messageId) }, options),
      ),
    unbind: () => channel.unbind(),
    get failure() {
      return channel.failure
    },
    onClose: (listener) => channel.onClose(listener),
  }
}
