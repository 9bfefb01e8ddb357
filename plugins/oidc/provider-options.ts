import type { Account, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { apiScopes } from '../../src/config/permission.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { Artefacts } from './artefacts/artefacts.ts'
import { claimsOf, scopeClaims, type ClaimSource } from './claims.ts'
import { clientsOf, originsOf } from './clients.ts'
import type { Consents } from './artefacts/consents.ts'
import { cookieOptions, type CookieSigner } from './cookies.ts'
import { createInteractionPolicy } from './interaction-policy.ts'
import { lifetimes } from './lifetimes.ts'
import { providerPages as pages } from './pages/provider-pages.ts'
import { loadSessionGrant } from './session-grant.ts'
import { orTryLater } from './try-later.ts'

export type ProviderParts = {
  tenant: Tenant
  /** Signing keys, private: the first of each algorithm signs, all are published. */
  jwks: readonly JWK[]
  artefacts: Artefacts
  consents: Consents
  signer: CookieSigner
  /** The person behind a subject; null when the account is gone or may not sign in any more. */
  findAccount(accountId: string): Promise<ClaimSource | null>
  clock: () => Date
}

const routes = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  userinfo: '/oauth2/userinfo',
  jwks: '/oauth2/jwks',
  introspection: '/oauth2/introspect',
  revocation: '/oauth2/revoke',
  end_session: '/oauth2/logout',
  pushed_authorization_request: '/oauth2/par',
} as const satisfies Configuration['routes']

/** The library's configuration for one tenant. What is not said here is off or refused. */
export function providerOptions(parts: ProviderParts): Configuration {
  const { tenant, artefacts, consents, signer, clock } = parts
  const clients = new Map(tenant.config.clients.map((client) => [client.id, client]))
  const seconds = () => Math.floor(clock().getTime() / 1000)
  return {
    adapter: artefacts.adapter,
    clients: clientsOf(tenant),
    jwks: { keys: [...parts.jwks] },
    routes,
    cookies: cookieOptions(tenant.issuer, signer),
    ttl: lifetimes(tenant.config.signIn, seconds),
    clockTolerance: 0,
    features: features(),
    scopes: ['openid', 'offline_access', ...apiScopes],
    claims: scopeClaims,
    // `none` is for our own pages; the token ones (implicit, hybrid) are not offered.
    responseTypes: ['code', 'none'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: (_, { clientId }) => clients.get(clientId)?.requirePkce !== false },
    // Every use gives a new refresh token, without grace: the second use of one, by whomever, ends them all.
    rotateRefreshToken: true,
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    revokeGrantPolicy: () => true,
    loadExistingGrant: (ctx) =>
      loadSessionGrant(ctx, { claim: artefacts.claimSessionGrant, consents, clients }),
    clientBasedCORS: (_, origin, { clientId }) => {
      const client = clients.get(clientId)
      return client !== undefined && originsOf(client).includes(origin)
    },
    findAccount: async (_, accountId) => accountFor(await orTryLater(parts.findAccount(accountId))),
    interactions: {
      policy: createInteractionPolicy(),
      url: (_, { uid, prompt }) => `/${prompt.name === 'consent' ? 'consent' : 'sign-in'}/${uid}`,
    },
    renderError: (ctx, out, error) => pages.error(ctx, out, error),
    // No setting makes us call an address: what would need it (jwks_uri, sector identifiers) is not offered.
    fetch: () => Promise.reject(new Error('no outgoing calls')),
  }
}

function features(): NonNullable<Configuration['features']> {
  const isOwn = async (
    _: KoaContextWithOIDC,
    client: { clientId: string; clientAuthMethod?: string | undefined },
    token: { clientId?: string | undefined },
  ) => client.clientId === token.clientId
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    introspection: {
      enabled: true,
      allowedPolicy: async (ctx, client, token) =>
        client.clientAuthMethod !== 'none' && (await isOwn(ctx, client, token)),
    },
    revocation: { enabled: true, allowedPolicy: isOwn },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) => pages.signOut(ctx),
      postLogoutSuccessSource: (ctx) => pages.signedOut(ctx),
    },
    userinfo: { enabled: true },
  }
}

function accountFor(source: ClaimSource | null): Account | undefined {
  if (source === null) return undefined
  return { accountId: source.accountId, claims: (_use, scope) => claimsOf(source, scope) }
}
