import { TLSSocket } from 'node:tls'
import { Channel } from '../../ldap/channel.ts'
import type { ConnectOptions } from '../../ldap/connection.ts'
import type { Endpoint } from '../../ldap/endpoint.ts'
import { LdapFailure } from '../../ldap/failure.ts'
import { openSocket, secureSocket } from '../../ldap/open-socket.ts'
import { startTls } from '../../ldap/start-tls.ts'

export type TcpEndpoint = Extract<Endpoint, { type: 'tcp' }>
export type CertificateOptions = Pick<ConnectOptions, 'tls' | 'connectTimeout'>

/** `refusal`: why a connection that means it would not take the certificate. */
export type SeenCertificate = { end: Date; refusal: string | undefined; issuer: string }

/**
 * The certificate that a server shows, by StartTLS (LDAP) where TLS is not spoken from the first byte. It is looked at on a connection of its own, which
 * takes any certificate and over which no password is sent. Throws the `LdapFailure` or `LdapError` of a server that cannot be reached, or that offers no TLS.
 */
export async function lookAtCertificate(
  endpoint: TcpEndpoint,
  { tls = {}, connectTimeout = 5_000 }: CertificateOptions,
): Promise<SeenCertificate> {
  const late = new LdapFailure('timeout', `not connected within ${connectTimeout} ms`)
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(late), connectTimeout)
  try {
    const socket = await openSecured(endpoint, { ...tls, rejectUnauthorized: false }, controller.signal)
    const seen = describe(socket)
    socket.destroy()
    return seen
  } finally {
    clearTimeout(timer)
  }
}

async function openSecured(
  endpoint: TcpEndpoint,
  tls: NonNullable<ConnectOptions['tls']>,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const socket = await openSocket(endpoint, tls, signal)
  if (socket instanceof TLSSocket) return socket
  const channel = new Channel(socket, { operationTimeout: 5_000, maxMessageBytes: 2 ** 20 })
  let secured: TLSSocket | undefined
  const onAbort = () => channel.unbind()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await startTls(
      channel,
      async (plain) => (secured = await secureSocket(plain, endpoint.host, tls, signal)),
    )
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  if (secured === undefined) throw new LdapFailure('tls', 'no TLS was started')
  return secured
}

function describe(socket: TLSSocket): SeenCertificate {
  const { valid_to: end, issuer } = socket.getPeerCertificate()
  const refusal = socket.authorized ? undefined : String(socket.authorizationError)
  const name = [issuer.CN ?? issuer.O ?? '?'].flat().join(', ')
  return { end: new Date(end), refusal, issuer: name }
}
