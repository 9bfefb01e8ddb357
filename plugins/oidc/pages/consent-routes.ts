import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { originOf } from '../../request-origin.ts'
import { auditPartyOf } from '../account-party.ts'
import { consentPage } from './consent-page.ts'
import { expiredInteraction } from './expired-interaction.ts'
import { applicationOf, finishInteraction, openInteraction, type OpenInteraction } from './interaction.ts'
import { pagePolicy } from './page-policy.ts'
import { formPage } from './reader.ts'
import type { TenantOidc } from '../tenant-oidc.ts'

export type ConsentOptions = {
  oidcOf(request: FastifyRequest): TenantOidc
  record(event: AuditEvent): Promise<unknown>
  clock: () => Date
}

const answerForm = z.object({ answer: z.enum(['allow', 'refuse']) })

/** "May this application know these things of you?", asked once and remembered. */
export async function consentRoutes(
  scope: FastifyInstance,
  { oidcOf, record, clock }: ConsentOptions,
): Promise<void> {
  const app = scope.withTypeProvider<ZodTypeProvider>()
  app.get('/consent/:uid', { schema: { hide: true } }, async (request, reply) => {
    const open = await openInteraction(request, reply, oidcOf(request))
    return open === null ? expiredInteraction(request, reply) : await show(request, reply, open)
  })

  const consents = { config: { inReadOnly: 'part of a sign-in' }, schema: { body: answerForm, hide: true } }
  app.post('/consent/:uid', consents, async (request, reply) => {
    const oidc = oidcOf(request)
    const open = await openInteraction(request, reply, oidc)
    const accountId = open?.interaction.session?.accountId
    if (open === null || accountId === undefined) return expiredInteraction(request, reply)
    const { answer } = request.body
    if (answer === 'refuse') {
      const refused = { error: 'access_denied', error_description: 'the person refused' }
      return reply.redirect(await finishInteraction(open, refused), 303)
    }
    const { clientId, scopes } = await applicationOf(open)
    const now = clock()
    const target = auditPartyOf(accountId)
    await record({
      tenant: oidc.tenant.name,
      time: now,
      action: 'consent.grant',
      actor: target ?? { kind: 'anonymous' },
      result: 'done',
      client: clientId,
      ...originOf(request),
    })
    await oidc.consents.grant(accountId, clientId, scopes, now)
    return reply.redirect(await finishInteraction(open, { consent: {} }), 303)
  })
}

async function show(request: FastifyRequest, reply: FastifyReply, open: OpenInteraction) {
  const { t } = request
  const { name: application, redirectUri, scopes } = await applicationOf(open)
  const { uid } = open.interaction
  const host = URL.parse(redirectUri)?.host ?? ''
  const main = consentPage(t, { action: `/consent/${uid}`, csrf: reply.csrf(), application, host, scopes })
  return reply
    .header('content-security-policy', pagePolicy(redirectUri))
    .header('cache-control', 'no-store')
    .page({ title: t('consent.title', { application }), main, ...formPage(request) })
}
