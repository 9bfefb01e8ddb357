import { Agent, request, type IncomingHttpHeaders } from 'node:http'

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Where a redirect leads; '' for none. */
  readonly location: string
}

/** A browser or a program with one connection, which stays open, and its cookies. */
export type Visitor = {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Sends a form. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  postJson(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Throws its cookies away, as a new browser on the same connection. */
  forget(): void
  close(): void
}

type Cookie = { readonly name: string; readonly value: string; readonly path: string }

/** Connects when first used. Paths may be whole URLs of the same site. */
export function createVisitor(origin: string): Visitor {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const cookies = new Map<string, Cookie>()

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const end = pair.indexOf('=')
    const [name, value] = [pair.slice(0, end), pair.slice(end + 1)]
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/'
    const isGone = attributes.some((part) => /^expires=.* 1970 /i.test(part)) || value === ''
    if (isGone) cookies.delete(`${name} ${path}`)
    else cookies.set(`${name} ${path}`, { name, value, path })
  }

  function send(method: string, url: string, given: Record<string, string>, body?: string): Promise<Answer> {
    const { hostname, port, pathname, search } = new URL(url, origin)
    const sent = [...cookies.values()].filter(({ path }) => isBelow(pathname, path))
    const headers: Record<string, string> = { accept: 'text/html', 'accept-language': 'fr', ...given }
    if (sent.length > 0) headers['cookie'] = sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
    return new Promise((resolve, reject) => {
      const options = { agent, method, hostname, port, path: pathname + search, headers }
      const outgoing = request(options, (response) => {
        for (const line of response.headers['set-cookie'] ?? []) keep(line)
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const { statusCode: status = 0, headers: answered } = response
          const text = Buffer.concat(chunks).toString()
          resolve({ status, headers: answered, text, location: answered.location ?? '' })
        })
      })
      outgoing.once('error', reject)
      outgoing.end(body)
    })
  }

  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const json = { 'content-type': 'application/json' }
  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, fields, headers = {}) =>
      send('POST', path, { ...form, ...headers }, new URLSearchParams(fields).toString()),
    postJson: (path, body, headers = {}) => send('POST', path, { ...json, ...headers }, JSON.stringify(body)),
    forget: () => cookies.clear(),
    close: () => agent.destroy(),
  }
}

function isBelow(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}
