import { isIP, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Endpoint } from './endpoint.ts'
import { LdapFailure } from './failure.ts'

/** The server's certificate is verified, for the host of the URL, unless `rejectUnauthorized` is false. */
export type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'minVersion' | 'ciphers' | 'rejectUnauthorized'
>

/** Connects, with the TLS handshake when the endpoint wants it. Nagle's algorithm is off: small requests wait for answers. */
export async function openSocket(endpoint: Endpoint, tls: TlsOptions, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp(
    endpoint.type === 'unix'
      ? { path: endpoint.path }
      : {
          host: endpoint.host,
          port: endpoint.port,
          noDelay: true,
          keepAlive: true,
          keepAliveInitialDelay: 60_000,
        },
  )
  await ready(socket, 'connect', 'unreachable', signal)
  return endpoint.type === 'tcp' && endpoint.tls ? secureSocket(socket, endpoint.host, tls, signal) : socket
}

/** Does the TLS handshake on an open socket. The failure is of kind `tls`. */
export async function secureSocket(
  socket: Socket,
  host: string,
  tls: TlsOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  // `host` is what the certificate must name; SNI carries names only, never addresses.
  const secured = connectTls({ ...(isIP(host) ? {} : { servername: host }), ...tls, socket, host })
  await ready(secured, 'secureConnect', 'tls', signal)
  return secured
}

function ready(
  socket: Socket,
  event: string,
  kind: 'unreachable' | 'tls',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (failure?: LdapFailure): void => {
      signal.removeEventListener('abort', onAbort)
      socket.off(event, onReady).off('error', onError).off('close', onClose)
      if (failure) {
        socket.on('error', () => {}) // an error that follows the first has nobody left to tell
        socket.destroy()
        reject(failure)
      } else resolve()
    }
    const onReady = (): void => settle()
    const onError = (error: Error): void => settle(new LdapFailure(kind, error.message, error))
    const onClose = (): void => settle(new LdapFailure(kind, 'the server closed the connection'))
    const onAbort = (): void => settle(abortFailure(signal))
    socket.once(event, onReady).once('error', onError).once('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

/** What an aborted signal means to whoever waits. */
export function abortFailure(signal: AbortSignal): LdapFailure {
  return signal.reason instanceof LdapFailure
    ? signal.reason
    : new LdapFailure('aborted', 'the caller gave up', signal.reason)
}
