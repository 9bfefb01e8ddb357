import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleCustomer, otherCustomer } from './branded-tenants.ts'
import { makeTenant, openTestFrame, type TestFrame } from './web-frame.ts'

const acme = 'id.acme.example'
const globex = 'id.globex.example'
const plain = 'id.plain.example'
let frame: TestFrame['app']

beforeAll(async () => {
  const tenants = [
    await exampleCustomer(`https://${acme}`),
    await otherCustomer(`https://${globex}`),
    makeTenant({ name: 'plain', issuer: `https://${plain}` }),
  ]
  const main = 'Bonjour'
  const opened = await openTestFrame(tenants, (app) => {
    app.get('/page', (_request, reply) =>
      reply.page({ title: 'Page', main, viewer: { displayName: null, sections: [] } }),
    )
  })
  frame = opened.app
})
afterAll(async () => await frame.close())

const get = (host: string, url: string, headers: Record<string, string> = {}) =>
  frame.inject({ url, headers: { host, 'accept-language': 'fr', ...headers } })

async function page(host: string, url = '/page', headers: Record<string, string> = {}): Promise<string> {
  return (await get(host, url, headers)).body.replaceAll(/[ \n]+/g, ' ')
}

/** The address of what a page loads, by how it begins. */
async function addressOf(host: string, start: string): Promise<string> {
  const found = new RegExp(`"(/branding/${start}[^"]*)"`).exec(await page(host))?.[1]
  if (found === undefined) throw new Error(`the page of ${host} loads no ${start}`)
  return found
}

describe('the pages of a tenant', () => {
  test('have its own logo and colour, and those of no other', async () => {
    const pages = await Promise.all([acme, globex, plain].map((host) => page(host)))
    const loaded = pages.map((each) => each.match(/\/branding\/\w+\.[\w-]{16}\.\w+/g)?.toSorted() ?? [])
    expect(loaded.map((each) => each.map((url) => url.replace(/\.[\w-]{16}/, '')))).toEqual([
      ['/branding/colours.css', '/branding/icon.svg', '/branding/logo.svg', '/branding/logo.svg'],
      ['/branding/colours.css', '/branding/logo.png'],
      [],
    ])
    expect(pages[2]).toContain('brand-mark')
    expect(new Set(loaded.flat()).size).toBe(5)
  })

  test('say the name once: beside the logo, or as what the logo reads', async () => {
    expect(await page(acme)).toMatch(/<img class="brand-logo " src="[^"]+" alt="" ?\/>.{0,20}Acme ?<\/a>/)
    expect(await page(globex)).toMatch(
      /<img class="brand-logo on-white" src="[^"]+" alt="Mairie de Globex-sur-Loire" ?\/> ?<\/a>/,
    )
  })

  test('end with what the law asks for, the state in words, who helps, and further links', async () => {
    const foot = (text: string) => /<footer.*<\/footer>/.exec(text)?.[0] ?? ''
    const [french, english] = [
      foot(await page(acme)),
      foot(await page(acme, '/page', { 'accept-language': 'en' })),
    ]
    expect(french).toContain('<a href="/legal">Mentions légales</a>')
    expect(french).toContain('<a href="/accessibility">Accessibilité\u00a0: non conforme</a>')
    expect(french).toContain('<a href="mailto:assistance@acme.example">assistance@acme.example</a>')
    expect(french).toContain('<a href="tel:+33477000000">')
    expect(english).toContain('<a href="/accessibility">Accessibility: non compliant</a>')
    const other = foot(await page(globex, '/page', { 'accept-language': 'en' }))
    expect(other).not.toContain('/accessibility')
    expect(other).toMatch(/<a href="https:\/\/globex\.example\/rgpd" ?>Personal data<\/a>/)
    expect(other).toContain('<a href="https://globex.example/plan" lang="fr">Plan du site</a>')
    expect(foot(await page(plain))).not.toContain('<a')
  })

  test('say who helps where something went wrong', async () => {
    const [main] = /<main.*<\/main>/.exec(await page(globex, '/nothing', { accept: 'text/html' })) ?? []
    expect(main).toContain('<a href="https://aide.globex.example/mot-de-passe">aide.globex.example</a>')
  })
})

describe('the pages of text', () => {
  test('are in the language of the reader, with their own title', async () => {
    expect(await page(acme, '/legal')).toMatch(
      /<title>Mentions légales – Acme<\/title>.*<h1>Mentions légales<\/h1>/,
    )
    expect(await page(acme, '/accessibility', { 'accept-language': 'en' })).toContain(
      '<h1>Accessibility statement</h1>',
    )
  })

  test('are marked where they are in the other language, and show HTML as the text that it is', async () => {
    const english = await page(globex, '/legal', { 'accept-language': 'en' })
    expect(english).toContain('<div class="prose" lang="fr">')
    expect(english).toContain('Éditeur : &lt;b&gt;la mairie&lt;/b&gt;')
    expect(english).toContain('<h1>Legal notice</h1>')
  })

  test('are not there where the tenant has none', async () => {
    const answers = await Promise.all([get(globex, '/accessibility'), get(plain, '/legal')])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404])
  })
})

describe('what a branding brings along', () => {
  test('is kept for ever by the browser, and not sent twice', async () => {
    for (const [host, start] of [
      [acme, 'logo'],
      [acme, 'colours'],
      [globex, 'logo'],
    ] as const) {
      const url = await addressOf(host, start)
      const first = await get(host, url)
      const again = await get(host, url, { 'if-none-match': String(first.headers.etag) })
      expect([first.statusCode, first.headers['cache-control']]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ])
      expect([again.statusCode, again.body]).toEqual([304, ''])
    }
  })

  test('has its own type, and is never taken for another', async () => {
    const types = [acme, globex].map(async (host) => {
      const { headers } = await get(host, await addressOf(host, 'logo'))
      return [headers['content-type'], headers['x-content-type-options']]
    })
    expect(await Promise.all(types)).toEqual([
      ['image/svg+xml', 'nosniff'],
      ['image/png', 'nosniff'],
    ])
  })

  test('may do nothing when it is an SVG that somebody opens', async () => {
    const { headers } = await get(acme, await addressOf(acme, 'logo'))
    expect(headers['content-security-policy']).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    )
  })

  test('sets the accent for both schemes', async () => {
    const { body } = await get(globex, await addressOf(globex, 'colours'))
    expect(body).toMatch(/--brand: light-dark\(#7a1f3d, #[0-9a-f]{6}\);/)
    expect(body).toMatch(/--brand-fill: light-dark\(#7a1f3d, #[0-9a-f]{6}\);/)
  })

  test('is the tenant’s alone, and nothing else of the disk has an address', async () => {
    const own = await addressOf(acme, 'logo')
    const addresses = [
      own,
      '/branding/logo.svg',
      '/branding/',
      '/branding/legal.fr.md',
      '/branding/..%2f..%2fetc%2fpasswd',
      '/branding/%2e%2e/installation.yaml',
      '/branding//etc/passwd',
      '/branding/__proto__',
    ]
    const answers = await Promise.all(addresses.map((url) => get(globex, url)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(addresses.map(() => 404))
  })
})
