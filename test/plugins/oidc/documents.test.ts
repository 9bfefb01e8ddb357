import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { application, callback } from './application.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application] })
  service = replicas.first
})
afterAll(() => replicas.stop())

const discoverySchema = z.looseObject({
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
})

async function discovery(headers: Record<string, string> = {}) {
  const answer = await ask(service, '/.well-known/openid-configuration', { headers })
  return { ...answer, document: discoverySchema.parse(JSON.parse(answer.body)) }
}

test('the discovery document offers what there is and no more', async () => {
  const { document } = await discovery()
  const { issuer } = service
  expect(document).toMatchObject({
    issuer,
    authorization_endpoint: `${issuer}/oauth2/authorize`,
    token_endpoint: `${issuer}/oauth2/token`,
    userinfo_endpoint: `${issuer}/oauth2/userinfo`,
    jwks_uri: `${issuer}/oauth2/jwks`,
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    end_session_endpoint: `${issuer}/oauth2/logout`,
    response_types_supported: ['code', 'none'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
  })
  // Nothing sends back-channel logouts yet; no key of a client is fetched from anywhere.
  for (const absent of [
    'backchannel_logout_supported',
    'registration_endpoint',
    'dpop_signing_alg_values_supported',
  ]) {
    expect(document).not.toHaveProperty(absent)
  }
})

test('forged host names change no address', async () => {
  const honest = (await discovery()).body
  for (const name of ['x-forwarded-host', 'x-forwarded-server', 'forwarded']) {
    expect((await discovery({ [name]: 'evil.test' })).body).toBe(honest)
  }
  const stranger = await ask(service, '/.well-known/openid-configuration', { headers: { host: 'evil.test' } })
  expect(stranger.status).toBe(421)
  const headers = { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' }
  const query = { client_id: 'app', response_type: 'code', redirect_uri: callback, scope: 'openid' }
  for (const path of [`/oauth2/authorize?${new URLSearchParams(query).toString()}`, '/oauth2/logout']) {
    const answer = await ask(service, path, { headers })
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain('evil.test')
  }
})

test('documents are kept by caches and asked for again cheaply', async () => {
  for (const path of [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oauth2/jwks',
  ]) {
    const full = await ask(service, path)
    const etag = String(full.headers['etag'])
    expect(full.headers['cache-control']).toBe('public, max-age=600')
    expect((await ask(service, path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const head = await ask(service, path, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(full.body)))
  }
})

test.for(['https://evil.test', 'null', 'https://app.example.evil.test'])(
  'a page of %s reads nothing',
  async (origin) => {
    const ways = [
      ['OPTIONS', '/oauth2/token'],
      ['POST', '/oauth2/token'],
      ['OPTIONS', '/oauth2/userinfo'],
      ['GET', '/oauth2/userinfo'],
      ['GET', '/oauth2/jwks'],
    ] as const
    for (const [method, path] of ways) {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      }
      const answer = await ask(service, path, {
        method,
        headers,
        ...(method === 'POST' && { form: { client_id: 'app' } }),
      })
      expect.soft(answer.headers, `${method} ${path}`).not.toHaveProperty('access-control-allow-origin')
    }
  },
)

test('a page of a registered application reads tokens and documents', async () => {
  const origin = 'https://app.example'
  for (const [method, path] of [
    ['OPTIONS', '/oauth2/token'],
    ['GET', '/oauth2/jwks'],
    ['GET', '/oauth2/userinfo'],
  ] as const) {
    const answer = await ask(service, path, {
      method,
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect.soft(answer.headers['access-control-allow-origin'], `${method} ${path}`).toBe(origin)
  }
})
