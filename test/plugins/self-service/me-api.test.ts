import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { application, callback, openApplication } from '../oidc/application.ts'
import { createBrowser } from '../oidc/browser.ts'
import { signedIn, startSite, type SelfServiceSite } from './self-service-site.ts'

let slapd: Slapd
let site: SelfServiceSite

beforeAll(async () => {
  slapd = await startSlapd()
  site = await startSite(slapd, {
    clients: [
      {
        ...application,
        scopes: [...application.scopes],
        redirectUris: [callback],
        postLogoutRedirectUris: [],
        apiScopes: ['people.read', 'accounts.manage'],
      },
    ],
  })
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})

const fresh = 'seven blue horses run'

/** A token of the person for the application, with these scopes. */
async function tokenOf(login: string, scope: string): Promise<string> {
  const app = await openApplication(site)
  const browser = createBrowser({ leavesTo: [callback] })
  const flow = await app.start({ scope })
  const form = await browser.open(flow.url)
  const answer = await browser.submit(form, { login, password: `pw-${login}` })
  return (await app.redeem(answer, flow)).access_token
}

const ask = (path: string, token: string, body?: object) =>
  fetch(`${site.issuer}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

describe('GET /api/v1/me', () => {
  test('tells the signed-in who they are and what they may do', async () => {
    const browser = await signedIn(site, 'ada')
    const answer = await browser.open(`${site.issuer}/api/v1/me`)
    expect(JSON.parse(answer.text)).toMatchObject({
      id: expect.stringMatching(/^main\./),
      login: 'ada',
      dn: 'uid=ada,ou=people,dc=example,dc=org',
      displayName: 'Ada BENALI',
      roles: ['admin'],
      permissions: expect.arrayContaining(['account.read', 'audit.read']),
      password: { expiresAt: null, isExpired: false, mustChange: false },
    })
  })

  test('is within the scopes of a token', async () => {
    const { status } = await ask('/me', await tokenOf('alice', 'openid'))
    expect(status).toBe(403)
    const answer = await ask('/me', await tokenOf('hugo', 'openid people.read'))
    expect(await answer.json()).toMatchObject({ login: 'hugo', roles: ['desk'], permissions: [] })
    expect((await fetch(`${site.issuer}/api/v1/me`)).status).toBe(401)
  })
})

describe('POST /api/v1/me/password', () => {
  test('changes the password, and says by field and reason what is wrong', async () => {
    const token = await tokenOf('u000010', 'openid accounts.manage')
    const refused = await ask('/me/password', token, { old: 'pw-u000010', password: 'u000010' })
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { code: 'password-refused', faults: [{ reason: 'too-short' }, { reason: 'own-word' }] },
    ])
    const done = await ask('/me/password', token, { old: 'pw-u000010', password: fresh })
    expect([done.status, await done.text()]).toEqual([204, ''])
    await signedIn(site, 'u000010', fresh)
  })

  test('needs the scope, and by cookie the token of our own pages', async () => {
    const given = { old: 'pw-u000011', password: fresh }
    expect((await ask('/me/password', await tokenOf('u000011', 'openid people.read'), given)).status).toBe(
      403,
    )
    const browser = await signedIn(site, 'u000011')
    const answer = await browser.once(`${site.issuer}/api/v1/me/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(given),
    })
    expect(answer.status).toBe(403)
  })
})
