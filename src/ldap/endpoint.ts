/** Where a server listens: a host and a port, with TLS from the first byte or not, or a unix socket. */
export type Endpoint =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number; readonly tls: boolean }
  | { readonly type: 'unix'; readonly path: string }

const SCHEMES: Readonly<Record<string, { port: number; tls: boolean }>> = {
  'ldap:': { port: 389, tls: false },
  'ldaps:': { port: 636, tls: true },
}

/** Reads `ldap://host:port`, `ldaps://host:port` or `ldapi://%2Fpath%2Fof%2Fsocket`. Throws a TypeError for others. */
export function parseEndpoint(url: string): Endpoint {
  const { protocol, hostname, port } = new URL(url)
  if (protocol === 'ldapi:')
    return { type: 'unix', path: decodeURIComponent(hostname) || '/var/run/slapd/ldapi' }
  const scheme = SCHEMES[protocol]
  if (!scheme) throw new TypeError(`not an LDAP address: ${protocol}`)
  const host = hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'
  return { type: 'tcp', host, port: port === '' ? scheme.port : Number(port), tls: scheme.tls }
}
