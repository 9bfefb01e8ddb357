import type { ConnectOptions } from '../../ldap/connection.ts'
import { parseEndpoint } from '../../ldap/endpoint.ts'
import type { Finding, Report } from './finding.ts'
import { lookAtCertificate, type SeenCertificate, type TcpEndpoint } from './look-at-certificate.ts'

const WARNED_MS = 21 * 86_400_000
const DAY_MS = 86_400_000

type How = Omit<ConnectOptions, 'url' | 'signal'>

/** Where the server shows a certificate; undefined when the configuration talks to it without TLS. */
export function securedEndpoint(url: string, { startTls }: Pick<How, 'startTls'>): TcpEndpoint | undefined {
  const endpoint = parseEndpoint(url)
  return endpoint.type === 'tcp' && (endpoint.tls || startTls === true) ? endpoint : undefined
}

/** What is wrong with the server's certificate, if it has one. Throws as `lookAtCertificate` does. */
export async function certificateFindings(
  url: string,
  how: How,
  report: Report,
  now: Date,
): Promise<Finding[]> {
  const endpoint = securedEndpoint(url, how)
  return endpoint === undefined
    ? []
    : judge(url, endpoint, await lookAtCertificate(endpoint, how), report, now)
}

function judge(
  url: string,
  endpoint: TcpEndpoint,
  { end, refusal, issuer }: SeenCertificate,
  report: Report,
  now: Date,
): Finding[] {
  const show = showCommand(endpoint)
  if (end <= now) return [report('certificate-expired', { url, end }, show)]
  if (refusal === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [report('certificate-wrong-name', { url, host: endpoint.host }, show)]
  if (refusal !== undefined) return [report('certificate-untrusted', { url, issuer, reason: refusal }, show)]
  const left = end.getTime() - now.getTime()
  if (left >= WARNED_MS) return []
  return [report('certificate-ending', { url, end, days: Math.floor(left / DAY_MS) }, show)]
}

function showCommand({ host, port, tls }: TcpEndpoint): string {
  const start = tls ? '' : ' -starttls ldap'
  return `openssl s_client -connect ${host}:${port}${start} -showcerts </dev/null | openssl x509 -noout -issuer -subject -dates -ext subjectAltName`
}
