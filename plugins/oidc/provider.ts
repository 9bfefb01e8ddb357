import { Provider } from 'oidc-provider'
import { createOriginCheck } from './cors.ts'
import type { ClientSecretCheck } from './client-secret-check.ts'
import { providerOptions, type ProviderParts } from './provider-options.ts'
import { noteEvents, type EventTrail } from './provider-events.ts'
import { notedOriginOf } from './noted-request.ts'

export type ProviderSetup = ProviderParts & { secretCheck: ClientSecretCheck; trail: EventTrail }

/**
 * The OpenID provider of one tenant. The library reads the signing keys once, so that new keys mean a new provider: everything that hangs on
 * one is put there by this function. Throws when a client of the configuration is refused by the library.
 */
export async function createProvider(setup: ProviderSetup): Promise<Provider> {
  const { tenant, secretCheck, trail } = setup
  const provider = new Provider(tenant.issuer, providerOptions(setup))
  // Host and scheme are ours (pinIssuer): only then may they be believed.
  provider.proxy = true
  checkSecretsBy(provider, secretCheck)
  answerSafely(provider, createOriginCheck(tenant))
  noteEvents(provider, trail)
  for (const { id } of tenant.config.clients) await checkClient(provider, id)
  return provider
}

/** The library would parse a client when it is first used, and answer its applications with the fault. */
async function checkClient(provider: Provider, id: string): Promise<void> {
  try {
    await provider.Client.find(id)
  } catch (cause) {
    const detail =
      cause instanceof Error && 'error_description' in cause ? String(cause.error_description) : ''
    throw new Error(`client ${id}: ${detail}`, { cause })
  }
}

function checkSecretsBy(provider: Provider, check: ClientSecretCheck): void {
  provider.Client.prototype.compareClientSecret = function compareClientSecret(given: string) {
    const ctx = Provider.ctx
    const address = ctx === undefined ? '' : notedOriginOf(ctx.req).address
    return check(this.clientId, this.clientSecret ?? '', given, address)
  }
}

/** Headers of every answer of the library; its own pages (form_post) add the hash of their script and post to the application. */
function answerSafely(provider: Provider, isClientOrigin: (origin: string) => boolean): void {
  provider.use(async (ctx, next) => {
    ctx.set('cache-control', 'no-store')
    ctx.set('referrer-policy', 'no-referrer')
    ctx.set('x-content-type-options', 'nosniff')
    ctx.set(
      'content-security-policy',
      "default-src 'none';script-src 'self';base-uri 'none';frame-ancestors 'none'",
    )
    await next()
    // The library lets any origin read an error in which it has not recognised the client yet.
    if (!isClientOrigin(ctx.get('origin'))) ctx.remove('access-control-allow-origin')
  })
}
