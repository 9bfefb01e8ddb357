/** Where a JDBC URL leads, as a connection of ours; a text when that is nowhere we can go. */
export function jdbcUrl(url: string): { kind: string; url: string } | string {
  const [, product = '', rest = ''] = /^jdbc:(\w+):(.*)$/s.exec(url) ?? []
  switch (product) {
    case 'postgresql':
      return withHost('postgresql', 'postgresql', rest)
    case 'mysql':
    case 'mariadb':
      return withHost('mysql', 'mysql', rest)
    case 'oracle': {
      const [, host, service] = /^thin:@(?:\/\/)?([^/]+?)[/:]([^/:?]+)$/.exec(rest) ?? []
      return host === undefined ? unreadable(url) : { kind: 'oracle', url: `oracle://${host}/${service}` }
    }
    case 'sqlserver': {
      const [, host, properties = ''] = /^\/\/([^;]+)(;.*)?$/.exec(rest) ?? []
      const name = /;database(?:Name)?=([^;]+)/i.exec(properties)?.[1] ?? 'master'
      return host === undefined ? unreadable(url) : { kind: 'sqlserver', url: `sqlserver://${host}/${name}` }
    }
    case 'hsqldb':
      return 'HSQLDB is not supported: read the CSV file behind it by a connection of kind csv'
    default:
      return unreadable(url)
  }
}

function withHost(kind: string, protocol: string, rest: string): { kind: string; url: string } | string {
  const [, address, query = ''] = /^(\/\/[^?;]+)(\?[^;]*)?/.exec(rest) ?? []
  return address === undefined ? unreadable(rest) : { kind, url: `${protocol}:${address}${query}` }
}

function unreadable(url: string): string {
  // It may hold a password.
  return `the JDBC URL is not known here: ${url.replace(/[?;].*$/s, '').replace(/\/\/[^@/]*@/, '//')}`
}
