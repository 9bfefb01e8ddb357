import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { SealBroken, type Sealer } from '../../../src/store/seal.ts'
import { originOf } from '../../request-origin.ts'
import { auditPartyOf } from '../account-party.ts'
import { portalClientId } from '../clients.ts'
import type { TenantOidc } from '../tenant-oidc.ts'

/** Milliseconds from "please sign in" to "you are signed in". */
const stateLifetime = 3_600_000

export type PortalSignInOptions = {
  oidcOf(request: FastifyRequest): TenantOidc
  sealer: Sealer
  record(event: AuditEvent): Promise<unknown>
  clock: () => Date
}

const startQuery = z.object({ to: z.string().default('/').catch('/') })
const endQuery = z.object({ state: z.string().default('').catch('') })
const stateSchema = z.object({ to: z.string(), until: z.number() })

/** Sign-in to and sign-out of our own pages, as the provider's first-party client `portal`. */
export async function portalSignIn(app: FastifyInstance, options: PortalSignInOptions): Promise<void> {
  const { oidcOf, sealer, clock } = options
  const purpose = 'oidc'
  const context = (oidc: TenantOidc) => [oidc.tenant.name, 'return']

  app.get('/sign-in', async (request, reply) => {
    const oidc = oidcOf(request)
    const to = ownPath(startQuery.parse(request.query).to)
    const state = { to, until: clock().getTime() + stateLifetime }
    const query = new URLSearchParams({
      client_id: portalClientId,
      response_type: 'none',
      redirect_uri: `${oidc.tenant.issuer}/signed-in`,
      scope: 'openid',
      state: sealer.seal(purpose, context(oidc), JSON.stringify(state)),
    })
    return reply.header('cache-control', 'no-store').redirect(`/oauth2/authorize?${query.toString()}`, 303)
  })

  app.get('/signed-in', async (request, reply) => {
    const oidc = oidcOf(request)
    const sealed = endQuery.parse(request.query).state
    const to = returnPath(() => sealer.open(purpose, context(oidc), sealed).toString(), clock())
    return reply.header('cache-control', 'no-store').redirect(to, 303)
  })

  app.post(
    '/sign-out',
    { config: { inReadOnly: 'signs out' } },
    async (request, reply) => await signOut(request, reply, options),
  )
}

/** The path that was sealed; the start page when it was not, or too long ago. */
function returnPath(open: () => string, now: Date): string {
  try {
    const state = stateSchema.parse(JSON.parse(open()))
    return state.until > now.getTime() ? ownPath(state.to) : '/'
  } catch (error) {
    if (error instanceof SealBroken || error instanceof SyntaxError || error instanceof z.ZodError) return '/'
    throw error
  }
}

/** A path on this site. `//evil.example` and `/\evil.example` are addresses of other sites to a browser. */
function ownPath(to: string): string {
  const base = 'https://here.invalid'
  const url = URL.parse(to, base)
  if (!to.startsWith('/') || url === null || url.origin !== base) return '/'
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search
}

async function signOut(
  request: FastifyRequest,
  reply: FastifyReply,
  { oidcOf, record, clock }: PortalSignInOptions,
): Promise<FastifyReply> {
  const oidc = oidcOf(request)
  const session = await request.browserSession()
  if (session !== null) {
    await record({
      tenant: oidc.tenant.name,
      time: clock(),
      action: 'sign-out',
      actor: auditPartyOf(session.accountId) ?? { kind: 'anonymous' },
      result: 'done',
      ...originOf(request),
    })
    await oidc.endSession(session.uid)
  }
  return reply.header('cache-control', 'no-store').redirect('/oauth2/logout/success', 303)
}
