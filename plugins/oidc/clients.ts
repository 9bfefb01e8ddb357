import { hash } from 'node:crypto'
import type { ClientMetadata } from 'oidc-provider'
import type { ClientConfig } from '../../src/config/client-schema.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** Our own pages, as a client that every tenant has: it gets neither codes nor tokens, only a signed-in browser. */
export const portalClientId = 'portal'

/** All clients of the tenant in the library's words, ours included. */
export function clientsOf({ issuer, config }: Tenant): ClientMetadata[] {
  return [portalClient(issuer), ...config.clients.map(clientMetadata)]
}

function portalClient(issuer: string): ClientMetadata {
  return {
    client_id: portalClientId,
    token_endpoint_auth_method: 'none',
    response_types: ['none'],
    grant_types: [],
    redirect_uris: [`${issuer}/signed-in`],
    post_logout_redirect_uris: [`${issuer}/`],
    scope: 'openid',
  }
}

function clientMetadata(client: ClientConfig): ClientMetadata {
  const signsIn = client.grants.includes('authorization_code')
  return {
    client_id: client.id,
    client_name: client.name ?? client.id,
    application_type: isNative(client) ? 'native' : 'web',
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    grant_types: client.grants,
    response_types: signsIn ? ['code'] : [],
    scope: [...client.scopes, ...client.apiScopes].join(' '),
    id_token_signed_response_alg: client.idTokenAlgorithm,
    ...(client.secret === undefined
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: hashSecret(client.secret) }),
  }
}

/** Only the hash is kept in memory; secrets are long and random, so that one fast hash is enough. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}

/** An app on a device, whose loopback port may differ from the registered one (RFC 8252, section 7.3). */
function isNative({ secret, redirectUris }: ClientConfig): boolean {
  return secret === undefined && redirectUris.length > 0 && redirectUris.every(isOnDevice)
}

function isOnDevice(uri: string): boolean {
  const { protocol, hostname } = new URL(uri)
  if (protocol === 'https:') return false
  return protocol !== 'http:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Origins of the web pages that clients have registered: scripts of no other page may read our answers. */
export function clientOrigins({ config }: Tenant): ReadonlySet<string> {
  return new Set(config.clients.flatMap(originsOf))
}

/** Origins of the client’s addresses; those of apps on a device (`com.example:/callback`) have none. */
export function originsOf({ redirectUris }: Pick<ClientConfig, 'redirectUris'>): string[] {
  return redirectUris.flatMap((uri) => {
    const { protocol, origin } = new URL(uri)
    return /^https?:$/.test(protocol) ? [origin] : []
  })
}
