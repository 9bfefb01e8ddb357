import { TLSSocket } from 'node:tls'
import { Channel } from '../../ldap/channel.ts'
import type { ConnectOptions } from '../../ldap/connection.ts'
import { parseEndpoint, type Endpoint } from '../../ldap/endpoint.ts'
import { LdapFailure } from '../../ldap/failure.ts'
import { openSocket, secureSocket } from '../../ldap/open-socket.ts'
import { startTls } from '../../ldap/start-tls.ts'
import type { Finding, Report } from './finding.ts'

const WARNED_MS = 21 * 86_400_000
const DAY_MS = 86_400_000

type How = Omit<ConnectOptions, 'url' | 'signal'>
type Tcp = Extract<Endpoint, { type: 'tcp' }>
type Seen = { end: Date; refusal: string | undefined; issuer: string }

/**
 * What is wrong with the server's certificate, if it has one. It is looked at on a connection of its own, which takes any certificate and over
 * which no password is sent. Throws the `LdapFailure` or `LdapError` of a server that cannot be reached, or that offers no TLS.
 */
export async function certificateFindings(
  url: string,
  how: How,
  report: Report,
  now: Date,
): Promise<Finding[]> {
  const endpoint = parseEndpoint(url)
  if (endpoint.type !== 'tcp' || (!endpoint.tls && how.startTls !== true)) return []
  const { end, refusal, issuer } = await look(endpoint, how)
  const show = showCommand(endpoint)
  if (end <= now) return [report('certificate-expired', { url, end }, show)]
  if (refusal === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [report('certificate-wrong-name', { url, host: endpoint.host }, show)]
  if (refusal !== undefined) return [report('certificate-untrusted', { url, issuer, reason: refusal }, show)]
  const left = end.getTime() - now.getTime()
  if (left >= WARNED_MS) return []
  return [report('certificate-ending', { url, end, days: Math.floor(left / DAY_MS) }, show)]
}

async function look(endpoint: Tcp, how: How): Promise<Seen> {
  const { tls = {}, connectTimeout = 5_000 } = how
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
  endpoint: Tcp,
  tls: NonNullable<How['tls']>,
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

function describe(socket: TLSSocket): Seen {
  const { valid_to: end, issuer } = socket.getPeerCertificate()
  const refusal = socket.authorized ? undefined : String(socket.authorizationError)
  const name = [issuer.CN ?? issuer.O ?? '?'].flat().join(', ')
  return { end: new Date(end), refusal, issuer: name }
}

function showCommand({ host, port, tls }: Tcp): string {
  const start = tls ? '' : ' -starttls ldap'
  return `openssl s_client -connect ${host}:${port}${start} -showcerts </dev/null | openssl x509 -noout -issuer -subject -dates -ext subjectAltName`
}
