import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTenant, openTestFrame, type TestFrame } from './web-frame.ts'

const acme = makeTenant({ issuer: 'https://id.acme.example', hosts: ['old.acme.example'] })
const globex = makeTenant({ name: 'globex', issuer: 'https://id.globex.example', locale: 'en' })
let frame: TestFrame['app']

beforeAll(async () => {
  const opened = await openTestFrame([acme, globex], (app) => {
    app.get('/who', async ({ tenant, locale }) => ({ tenant: tenant.name, locale }))
    app.get('/oauth2/authorize', async ({ url }) => ({ url }))
    app.get('/probe', { config: { anyHost: true } }, async () => ({ ok: true }))
    app.post('/form', { config: { crossSite: 'test' } }, async () => ({}))
  })
  frame = opened.app
})
afterAll(async () => await frame.close())

const get = (url: string, headers: Record<string, string>) => frame.inject({ url, headers })

describe('the host of a request', () => {
  test('tells the tenant, whatever its case, port and dot at the end', async () => {
    const hosts = ['id.acme.example', 'ID.Acme.Example:443', 'id.globex.example.']
    const answers = await Promise.all(hosts.map((host) => get('/who', { host })))
    expect(answers.map((answer) => answer.json().tenant)).toEqual(['acme', 'acme', 'globex'])
  })

  test.each([
    'evil.example',
    'acme.example',
    'x.id.acme.example',
    'id.acme.example.evil.example',
    '127.0.0.1',
  ])('%s is nobody: 421, and nothing of any tenant', async (host) => {
    const answer = await get('/who', { host })
    expect([answer.statusCode, answer.json().code]).toEqual([421, 'unknown-host'])
    expect(answer.body).not.toMatch(/acme|globex/i)
  })

  test('is the header of the client, not one that a proxy adds', async () => {
    const answer = await get('/who', {
      host: 'id.acme.example',
      'x-forwarded-host': 'id.globex.example',
      forwarded: 'host=id.globex.example',
    })
    expect(answer.json().tenant).toBe('acme')
  })

  test('does not matter to probes', async () => {
    expect((await get('/probe', { host: '10.1.2.3:8080' })).statusCode).toBe(200)
  })

  test('that is a further name leads to the issuer, path and query kept; a form is not sent on', async () => {
    const answer = await get('/who?q=a%20b', { host: 'old.acme.example' })
    expect([answer.statusCode, answer.headers.location]).toEqual([308, 'https://id.acme.example/who?q=a%20b'])
    const form = await frame.inject({ method: 'POST', url: '/form', headers: { host: 'old.acme.example' } })
    expect(form.statusCode).toBe(421)
  })
})

describe('the language', () => {
  const asked: Record<string, [header: string | undefined, host: string, locale: string]> = {
    'is what the browser asks for': ['en-GB,en;q=0.9', 'id.acme.example', 'en'],
    'is the one with the greatest weight': ['en;q=0.4, de, fr;q=0.8', 'id.globex.example', 'fr'],
    'is not one that the browser refuses': ['fr;q=0, en;q=0.1', 'id.acme.example', 'en'],
    "is the tenant's when the browser wants none that we have": ['de,it', 'id.globex.example', 'en'],
    "is the tenant's when the browser does not say": [undefined, 'id.acme.example', 'fr'],
    'survives a header that is none': [';;q=,,fr;q=x', 'id.globex.example', 'en'],
  }
  test.each(Object.entries(asked))('%s', async (_name, [header, host, locale]) => {
    const answer = await get('/who', { host, ...(header === undefined ? {} : { 'accept-language': header }) })
    expect(answer.json().locale).toBe(locale)
  })

  test('that a person chooses is kept in a cookie and leaves the address', async () => {
    const answer = await get('/who?q=%C3%A9&lang=en', { host: 'id.acme.example' })
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      'https://id.acme.example/who?q=%C3%A9',
    ])
    expect(answer.headers['set-cookie']).toMatch(/^lang=en; .*HttpOnly; Secure; SameSite=Lax/)
    const next = await get('/who', { host: 'id.acme.example', cookie: 'lang=en', 'accept-language': 'fr' })
    expect(next.json().locale).toBe('en')
  })

  test('leads nowhere but here', async () => {
    const answers = await Promise.all(
      ['//evil.example/?lang=en', '/\\evil.example/?lang=en', '/who?lang=en&lang=//evil.example'].map((url) =>
        get(url, { host: 'id.acme.example' }),
      ),
    )
    for (const { headers } of answers) expect(new URL(String(headers.location)).origin).toBe(acme.issuer)
    const unknown = await get('/who?lang=xx', { host: 'id.acme.example' })
    expect(unknown.statusCode).toBe(200)
  })

  test('is not taken out of an address that an application made', async () => {
    const answer = await get('/oauth2/authorize?lang=en', { host: 'id.acme.example' })
    expect(answer.json()).toEqual({ url: '/oauth2/authorize?lang=en' })
  })

  test('leads nowhere but here for request lines that no browser writes', async () => {
    const port = Number(new URL(await frame.listen({ port: 0, host: '127.0.0.1' })).port)
    for (const target of ['@evil.example/?lang=en', 'http://evil.example/?lang=en', '?lang=en']) {
      const socket = connect(port, '127.0.0.1')
      socket.end(`GET ${target} HTTP/1.1\r\nHost: id.acme.example\r\nConnection: close\r\n\r\n`)
      const answer = await text(socket)
      const location = /^location: (.*)\r$/im.exec(answer)?.[1]
      const host = location === undefined ? 'nowhere' : new URL(location).host
      expect([target, ['nowhere', 'id.acme.example'].includes(host), /^HTTP\/1.1 [34]/.test(answer)]).toEqual(
        [target, true, true],
      )
    }
  })
})
