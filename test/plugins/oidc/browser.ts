/** A browser without JavaScript: keeps cookies by path, follows redirects, fills in forms. */
export type Browser = ReturnType<typeof createBrowser>

export type Answer = { status: number; url: string; headers: Headers; text: string }

export type Cookie = { value: string; path: string; line: string }

/** `leavesTo`: addresses of applications, where it stops instead of following. */
export function createBrowser({ leavesTo = [] }: { leavesTo?: readonly string[] } = {}) {
  const cookies = new Map<string, Cookie>()

  async function once(url: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers)
    const sent = [...cookies].filter(([, { path }]) => isBelow(new URL(url).pathname, path))
    if (sent.length > 0)
      headers.set('cookie', sent.map(([key, { value }]) => `${nameOf(key)}=${value}`).join('; '))
    headers.set('accept', headers.get('accept') ?? 'text/html')
    headers.set('accept-language', 'en')
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(line, new URL(url).pathname)
    return { status: response.status, url, headers: response.headers, text: await response.text() }
  }

  function keep(line: string, requestPath: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const [name = '', ...value] = pair.split('=')
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? requestPath
    const expires = attributes.find((part) => /^expires=/i.test(part))?.slice(8)
    const isGone = expires !== undefined && new Date(expires) <= new Date()
    if (isGone) cookies.delete(`${name} ${path}`)
    else cookies.set(`${name} ${path}`, { value: value.join('='), path, line })
  }

  async function open(url: string, init?: RequestInit): Promise<Answer> {
    let answer = await once(url, init)
    for (let hops = 0; hops < 12; hops++) {
      const location = answer.headers.get('location')
      if (location === null || answer.status < 300 || answer.status > 399) return answer
      const next = new URL(location, answer.url).href
      if (leavesTo.some((address) => next.startsWith(address))) return { ...answer, url: next }
      answer = await once(next)
    }
    throw new Error('redirects without end')
  }

  return {
    cookies,
    once,
    open,
    /** Sends the form of a page, with its hidden fields. */
    submit(page: Answer, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
      return open(...formRequest(page, fields))
    },
    /** The first step of `submit`: redirects are not followed. */
    send(page: Answer, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
      return once(...formRequest(page, fields))
    },
    cookie(name: string): Cookie | undefined {
      return [...cookies].find(([key]) => nameOf(key) === name)?.[1]
    },
  }
}

export function formRequest(page: Answer, fields: Readonly<Record<string, string>>): [string, RequestInit] {
  const form = /<form method="post" action="([^"]*)"[^>]*>([^]*?)<\/form>/.exec(page.text)
  if (form === null) throw new Error(`no form on ${page.url}: ${page.status} ${page.text}`)
  const [, action = '', content = ''] = form
  const hidden = [...content.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)]
  const values = {
    ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescape(value)])),
    ...fields,
  }
  return [new URL(unescape(action), page.url).href, { method: 'POST', body: new URLSearchParams(values) }]
}

function unescape(text: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? '')
}

function nameOf(key: string): string {
  return key.split(' ', 1)[0] ?? ''
}

function isBelow(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}
