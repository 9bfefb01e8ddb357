import type { IncomingMessage } from 'node:http'

/**
 * Makes the library see the issuer's host and scheme, whatever the request says: it builds the endpoints of its discovery document, redirects
 * and the Secure flag of cookies from them, so that a forged Host or X-Forwarded-Host would send people and codes elsewhere.
 */
export function pinIssuer(request: IncomingMessage, issuer: string): void {
  const { host, protocol } = new URL(issuer)
  const { headers } = request
  headers.host = host
  headers['x-forwarded-host'] = host
  headers['x-forwarded-proto'] = protocol.slice(0, -1)
  delete headers[':authority']
}
