import * as client from 'openid-client'
import { z } from 'zod'
import type { Answer, Browser } from './browser.ts'
import type { TestService } from './service.ts'

export const callback = 'https://app.example/callback'
export const application = {
  id: 'app',
  name: 'The App',
  secret: 'app-secret-app-secret-app-secret',
  redirectUris: [callback],
  postLogoutRedirectUris: ['https://app.example/bye'],
  scopes: ['openid', 'profile', 'email', 'phone', 'groups', 'offline_access'],
  consent: 'implied',
} as const

const bodySchema = z.record(z.string(), z.unknown())

export type Flow = { url: string; verifier: string; state: string; nonce: string }

/** An application that signs people in, with openid-client. */
export async function openApplication(
  service: Pick<TestService, 'issuer'>,
  { id, secret }: { id: string; secret?: string } = application,
) {
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret)
  const config = await client.discovery(new URL(service.issuer), id, secret, authentication, {
    // eslint-disable-next-line typescript/no-deprecated -- marked so to stand out: the test speaks http on loopback
    execute: [client.allowInsecureRequests],
  })

  async function start(
    extra: Readonly<Record<string, string>> = {},
    redirectUri: string = callback,
  ): Promise<Flow> {
    const verifier = client.randomPKCECodeVerifier()
    const [state, nonce] = [client.randomState(), client.randomNonce()]
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...extra,
    })
    return { url: url.href, verifier, state, nonce }
  }

  const redeem = (answer: Answer, { verifier, state, nonce }: Flow) =>
    client.authorizationCodeGrant(config, new URL(answer.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    })

  return {
    config,
    start,
    redeem,
    /** The whole way, with the session that the browser has: authorization, consent when asked for, code, tokens. */
    async signIn(browser: Browser, extra: Readonly<Record<string, string>> = {}) {
      const flow = await start(extra)
      const answer = await browser.open(flow.url)
      const isConsent = new URL(answer.url).pathname.startsWith('/consent/')
      return await redeem(isConsent ? await browser.submit(answer, { answer: 'allow' }) : answer, flow)
    },
    refresh: (token: string) => client.refreshTokenGrant(config, token),
    userinfo: (token: string, sub: string) => client.fetchUserInfo(config, token, sub),
  }
}

/** Signs a person in to our own pages. */
export async function signIn(browser: Browser, { issuer }: TestService, login = 'alice'): Promise<Answer> {
  const page = await browser.open(`${issuer}/sign-in?to=/who`)
  return await browser.submit(page, { login, password: `pw-${login}` })
}

/** A token request by hand, as an attacker or a broken application makes it. */
export async function tokenRequest(
  { issuer }: Pick<TestService, 'issuer'>,
  fields: Readonly<Record<string, string>>,
  { id, secret }: { id: string; secret: string } = application,
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams(fields),
  })
  return { status: response.status, headers: response.headers, body: bodySchema.parse(await response.json()) }
}
