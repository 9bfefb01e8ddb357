import ldapjs, { type Response, type SearchRequest, type Server } from 'ldapjs'

/** A directory served by ldapjs, as a peer of our client: `cn=root` with password `secret`, 25 people in `o=people`. */
export type LdapjsDirectory = { readonly url: string; stop(): Promise<void> }

type Attributes = Record<string, string[]>

const PAGED_RESULTS = '1.2.840.113556.1.4.319'

export async function startLdapjsDirectory(): Promise<LdapjsDirectory> {
  const entries = new Map<string, Attributes>([
    ['o=people', { objectClass: ['organization'], o: ['people'] }],
  ])
  for (let i = 0; i < 25; i++)
    entries.set(`uid=p${i},o=people`, {
      objectClass: ['person'],
      uid: [`p${i}`],
      cn: [`Zoë ${i}`],
      sn: ['x'],
    })
  const server = ldapjs.createServer()
  server.on('error', () => {}) // what it cannot read would else end the process
  server.server.on('connection', (socket) => socket.setNoDelay()) // else 22 searches a second
  serve(server, entries)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: server.url, stop: () => new Promise((resolve) => server.close(resolve)) }
}

function serve(server: Server, entries: Map<string, Attributes>): void {
  server.bind('cn=root', (request, response, next) => {
    if (request.credentials !== 'secret') return next(new ldapjs.InvalidCredentialsError())
    response.end()
  })
  server.search('o=people', (request, response, next) => search(entries, request, response, next))
  server.add('o=people', (request, response) => {
    // ldapjs lower-cases the names of an add, and compares names by case in filters
    const named = request.attributes.map(
      ({ type, values }) => [type.replace('class', 'Class'), values] as const,
    )
    entries.set(request.dn.toString(), Object.fromEntries(named))
    response.end()
  })
  server.modify('o=people', (request, response, next) => {
    const entry = entries.get(request.dn.toString())
    if (!entry) return next(new ldapjs.NoSuchObjectError())
    for (const { modification } of request.changes) entry[modification.type] = modification.values
    response.end()
  })
  server.modifyDN('o=people', (request, response, next) => {
    const dn = request.dn.toString()
    const entry = entries.get(dn)
    if (!entry) return next(new ldapjs.NoSuchObjectError())
    entries.delete(dn)
    entries.set(`${request.newRdn.toString()},${request.dn.parent().toString()}`, entry)
    response.end()
  })
  server.compare('o=people', (request, response, next) => {
    const entry = entries.get(request.dn.toString())
    if (!entry) return next(new ldapjs.NoSuchObjectError())
    response.end(entry[request.attribute]?.includes(request.value) ?? false)
  })
  server.del('o=people', (request, response, next) => {
    if (!entries.delete(request.dn.toString())) return next(new ldapjs.NoSuchObjectError())
    response.end()
  })
}

function search(
  entries: ReadonlyMap<string, Attributes>,
  request: SearchRequest,
  response: Response,
  next: (error: Error) => void,
): void {
  const base = request.dn.toString()
  if (!entries.has(base)) return next(new ldapjs.NoSuchObjectError())
  const found = [...entries].filter(([dn, attributes]) => {
    const inScope = request.scopeName === 'base' ? dn === base : dn !== base && dn.endsWith(base)
    return (inScope || (request.scopeName === 'subtree' && dn === base)) && request.filter.matches(attributes)
  })
  const paged = request.controls.find(({ type }) => type === PAGED_RESULTS)?.value
  const start = Number(paged?.cookie.toString() || '0')
  const end = paged ? start + paged.size : found.length
  for (const [dn, attributes] of found.slice(start, end)) response.send({ dn, attributes })
  if (paged) {
    const cookie = end < found.length ? Buffer.from(String(end)) : ''
    response.addControl(new ldapjs.PagedResultsControl({ value: { size: found.length, cookie } }))
  }
  response.end()
}
