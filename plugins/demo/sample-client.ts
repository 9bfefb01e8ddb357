import * as oidc from 'openid-client'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { SampleSession, SignedIn } from './sample-session.ts'

const sampleClientId = 'demo-app'
type SigningIn = SampleSession & { kind: 'signing-in' }

/** What an application does to sign people in: all of it is here, and it knows of the provider only the issuer. */
export function createSampleClient({ issuer, config: { clients } }: Tenant) {
  const secret = clients.find(({ id }) => id === sampleClientId)?.secret
  const home = `${issuer}/demo/app`
  let found: Promise<oidc.Configuration> | undefined

  /** Discovery, once; asked at the first use, because the provider is this very process. */
  const provider = (): Promise<oidc.Configuration> => {
    found ??= discover(issuer, secret)
    found.catch(() => (found = undefined))
    return found
  }

  return {
    /** The address to send the browser to, and what to remember until it comes back. */
    async start(): Promise<{ url: string; session: SigningIn }> {
      const session: SigningIn = {
        kind: 'signing-in',
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
      }
      const url = oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: `${home}/signed-in`,
        scope: 'openid profile email groups',
        state: session.state,
        nonce: session.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(session.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, session }
    },

    /** Redeems the code in the address that the browser came back with. Throws what openid-client throws. */
    async finish(url: string, { verifier, state, nonce }: SigningIn): Promise<SignedIn> {
      const tokens = await oidc.authorizationCodeGrant(await provider(), new URL(url, issuer), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      return signedIn(tokens)
    },

    /** Renews the tokens; null when the provider has ended the sign-in. */
    async renew(session: SignedIn): Promise<SignedIn | null> {
      try {
        const tokens = await oidc.refreshTokenGrant(await provider(), session.refreshToken)
        return { ...signedIn(tokens, session), renewals: session.renewals + 1 }
      } catch (error) {
        if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return null
        throw error
      }
    },

    /** What the provider says of the person at this moment; null when it has ended the sign-in. */
    async userinfo({ accessToken, subject }: SignedIn): Promise<oidc.UserInfoResponse | null> {
      try {
        return await oidc.fetchUserInfo(await provider(), accessToken, subject)
      } catch (error) {
        if (error instanceof oidc.WWWAuthenticateChallengeError && error.status === 401) return null
        throw error
      }
    },

    /** Where the person leaves the provider too, to come back to the application. */
    async signOutUrl({ idToken }: SignedIn): Promise<string> {
      const back = { id_token_hint: idToken, post_logout_redirect_uri: home }
      return oidc.buildEndSessionUrl(await provider(), back).href
    },
  }
}

async function discover(issuer: string, secret: string | undefined): Promise<oidc.Configuration> {
  const authentication = oidc.ClientSecretBasic(secret)
  return await oidc.discovery(new URL(issuer), sampleClientId, secret, authentication, {
    // Signatures are checked although the tokens come straight from the provider.
    // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out: the demo is http on loopback
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  })
}

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

/** A renewal may leave out what stays as it is. */
function signedIn(tokens: Tokens, before?: SignedIn): SignedIn {
  const idTokenClaims = tokens.claims() ?? before?.idTokenClaims ?? {}
  return {
    kind: 'signed-in',
    subject: before?.subject ?? String(idTokenClaims['sub']),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? before?.refreshToken ?? '',
    idToken: tokens.id_token ?? before?.idToken ?? '',
    idTokenClaims: { ...idTokenClaims },
    renewals: 0,
  }
}
