import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, callback, signIn } from './application.ts'
import { createBrowser } from './browser.ts'
import { ask, startReplicas, type Replicas } from './replicas.ts'

const keeper = {
  ...application,
  id: 'keeper',
  grants: ['authorization_code', 'refresh_token', 'client_credentials'],
}
let replicas: Replicas
let cookie: string

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, keeper] })
  const browser = createBrowser()
  await signIn(browser, replicas.first)
  await browser.open(
    `${replicas.first.issuer}/oauth2/authorize?client_id=portal&prompt=login&response_type=none`,
  )
  cookie = [...browser.cookies].map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
})
afterAll(() => replicas.stop())

const names = (
  'client_id client_secret redirect_uri response_type response_mode scope state nonce prompt max_age code code_verifier code_challenge ' +
  'code_challenge_method grant_type refresh_token token token_type_hint id_token_hint post_logout_redirect_uri request request_uri claims ' +
  'acr_values login_hint ui_locales xsrf logout login password old answer _csrf to resource authorization_details __proto__ constructor'
).split(' ')
const good = [
  callback,
  'app',
  'keeper',
  application.secret,
  'code',
  'openid',
  'none',
  'S256',
  'authorization_code',
  'refresh_token',
  'login',
]
const paths = (
  '/oauth2/authorize /oauth2/authorize/x /oauth2/token /oauth2/userinfo /oauth2/introspect /oauth2/revoke /oauth2/par /oauth2/logout ' +
  '/oauth2/logout/confirm /oauth2/logout/success /oauth2/jwks /sign-in /sign-in/x /sign-in/x/password /consent/x /signed-in /sign-out /who'
).split(' ')

const value = fc.oneof(
  fc.constantFrom(...good),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', '\0', '%00', '<b>', '-1', '9'.repeat(30), '{"id_token":null}'),
)
const params = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 9 })
const authorization = fc.oneof(
  fc.constant(undefined),
  fc.constant(`Basic ${btoa(`keeper:${application.secret}`)}`),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => `Bearer ${text.trim()}`),
  fc.base64String({ maxLength: 40 }).map((text) => `Basic ${text}`),
)
const oddRequest = fc.record({
  method: fc.constantFrom('GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE'),
  path: fc.constantFrom(...paths),
  query: params,
  form: params,
  authorization,
  signedIn: fc.boolean(),
})

test('no request, however odd, is answered by a fault of ours', async () => {
  const check = fc.asyncProperty(
    oddRequest,
    async ({ method, path, query, form, authorization: given, signedIn }) => {
      const hasBody = method === 'POST' || method === 'PUT'
      const { status } = await ask(replicas.first, `${path}?${new URLSearchParams(query).toString()}`, {
        method,
        headers: {
          accept: form.length % 2 === 0 ? 'text/html' : 'application/json',
          ...(given !== undefined && { authorization: given }),
          ...(signedIn && { cookie }),
        },
        ...(hasBody && { form }),
      })
      expect(status).toBeLessThan(500)
    },
  )
  await fc.assert(check, { numRuns: 2_000 })
}, 60_000)
