import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Sessions } from '../../src/accounts/sessions.ts'
import { Problem } from '../../src/problems/problem.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { BrowserSession, TokenSubject } from '../session.ts'
import { findTokenSubject } from './access-token.ts'
import { findBrowserSession } from './browser-session.ts'
import { consentRoutes } from './pages/consent-routes.ts'
import { cookieNames } from './cookies.ts'
import { documentRoutes, endpoints, postedRequests } from './endpoints.ts'
import { deleteExpiredArtefacts } from './artefacts/expired-artefacts.ts'
import { openTenantOidc, type TenantOidcServices } from './open-tenant-oidc.ts'
import { portalSignIn } from './pages/portal-sign-in.ts'
import { signInRoutes, type SignInOptions } from './pages/sign-in-routes.ts'
import type { RunningProvider, TenantOidc } from './tenant-oidc.ts'

const CLEAN_UP_MS = 3_600_000

export type OidcServices = TenantOidcServices & { demo: boolean }

/** OpenID Connect of all tenants: what `session.ts` and `src/accounts` ask of it, and its routes. */
export type Oidc = {
  findSession(request: FastifyRequest): Promise<BrowserSession | null>
  findToken(request: FastifyRequest, token: string): Promise<TokenSubject | null>
  sessions: Sessions
  /** The provider of a tenant. */
  running(tenant: Tenant): Promise<RunningProvider>
  /** Name of the cookie that speaks for a person. */
  sessionCookie(issuer: string): string
  /** A plugin. Throws for a client of the configuration that is faulty. */
  routes(
    app: FastifyInstance,
    accounts: Pick<SignInOptions, 'authenticate' | 'changePassword'>,
  ): Promise<void>
}

/** Opens OpenID Connect for the tenants. A store that is down makes answers 503, not the start fail. */
export function createOidc(tenants: readonly Tenant[], services: OidcServices): Oidc {
  const { ephemeral: store, sealer, record, demo, clock } = services
  const byName = new Map(tenants.map((tenant) => [tenant.name, openTenantOidc(tenant, services)]))
  const of = ({ name }: Tenant): TenantOidc => {
    const oidc = byName.get(name)
    if (oidc === undefined) throw new Error(`no tenant is named ${name}`)
    return oidc
  }
  const oidcOf = (request: FastifyRequest) => of(request.tenant)

  return {
    findSession: async (request) => await sessionOf(request.headers.cookie, oidcOf(request), clock),
    findToken: async (request, token) =>
      await findTokenSubject(token, oidcOf(request).artefacts, { store, clock }),
    running: async (tenant) => await of(tenant).running(),
    sessions: {
      endAll: async (tenant, accountId, except) =>
        await of(tenant).artefacts.accountSessions.endAll(accountId, except, clock()),
    },
    sessionCookie: (issuer) => cookieNames(issuer).session,
    async routes(app, { authenticate, changePassword }) {
      await Promise.all(tenants.map(async (tenant) => await start(of(tenant))))
      keepClean(app, services)
      await app.register(endpoints, { oidcOf, demo })
      await app.register(documentRoutes, { oidcOf, demo })
      await app.register(postedRequests, { oidcOf, demo })
      await app.register(signInRoutes, { oidcOf, authenticate, changePassword, clock })
      await app.register(consentRoutes, { oidcOf, record, clock })
      await app.register(portalSignIn, { oidcOf, sealer, record, clock })
    },
  }
}

/** Builds the provider before anybody asks: a faulty client fails the start, by its name. A database that is down does not. */
async function start({ running }: TenantOidc): Promise<void> {
  try {
    await running()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}

/** What is over is refused anyway; this only gives its room back. Each replica may do it: deleting twice does no harm. */
function keepClean(app: FastifyInstance, { database, clock }: OidcServices): void {
  const deleteExpired = () => {
    deleteExpiredArtefacts(database, clock()).catch((err: unknown) =>
      app.log.warn({ err }, 'clean-up failed'),
    )
  }
  const timer = setInterval(deleteExpired, CLEAN_UP_MS).unref()
  app.addHook('onClose', () => clearInterval(timer))
}

async function sessionOf(
  cookieHeader: string | undefined,
  { tenant, artefacts, signer }: TenantOidc,
  clock: () => Date,
): Promise<BrowserSession | null> {
  const cookieName = cookieNames(tenant.issuer).session
  const lifetime = tenant.config.signIn
  return await findBrowserSession(cookieHeader, { artefacts, cookieName, signer, lifetime, clock })
}
