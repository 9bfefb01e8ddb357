import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import type { MessageKey } from '../../src/messages/message.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { SafeHtml } from '../web/html.ts'
import { createSampleClient } from './sample-client.ts'
import { sampleLayout } from './sample-layout.ts'
import { signedInPage, welcomePage } from './sample-page.ts'
import { createSampleSessions } from './sample-session.ts'

/** An application as others write it: it has its own sessions and knows people by OpenID Connect only. */
export const sampleRoutes: FastifyPluginAsync<{ store: EphemeralStore }> = async (app, { store }) => {
  const sessions = createSampleSessions(store)
  const clients = new Map<string, ReturnType<typeof createSampleClient>>()
  const clientOf = ({ tenant }: FastifyRequest) => clients.get(tenant.name) ?? remember(tenant)
  const remember = (tenant: Tenant) => {
    const made = createSampleClient(tenant)
    clients.set(tenant.name, made)
    return made
  }
  const welcome = (request: FastifyRequest, reply: FastifyReply, fault: MessageKey | null = null) =>
    send(request, reply, welcomePage(request, fault))

  app.get('/demo/app', async (request, reply) => {
    const session = await sessions.find(request)
    if (session?.kind !== 'signed-in') return welcome(request, reply)
    const userinfo = await clientOf(request).userinfo(session)
    if (userinfo !== null) return send(request, reply, signedInPage(request, reply.csrf(), session, userinfo))
    await sessions.end(request, reply)
    return welcome(request, reply, 'demoApp.ended')
  })

  app.get('/demo/app/sign-in', async (request, reply) => {
    const { url, session } = await clientOf(request).start()
    await sessions.start(request, reply, session)
    return reply.redirect(url, 303)
  })

  app.get('/demo/app/signed-in', async (request, reply) => {
    const session = await sessions.find(request)
    if (session?.kind !== 'signing-in') return welcome(request, reply.code(400), 'demoApp.expired')
    await sessions.end(request, reply)
    try {
      await sessions.start(request, reply, await clientOf(request).finish(request.url, session))
    } catch (error) {
      const fault = faultOf(error)
      if (fault === 'demoApp.failed')
        request.log.warn({ err: error }, 'the sample application could not sign a person in')
      return welcome(request, reply.code(400), fault)
    }
    return reply.redirect('/demo/app', 303)
  })

  const config = { inReadOnly: 'an application’s own session' }
  app.post('/demo/app/refresh', { config }, async (request, reply) => {
    const session = await sessions.find(request)
    const renewed = session?.kind === 'signed-in' ? await clientOf(request).renew(session) : null
    if (renewed === null) await sessions.end(request, reply)
    else await sessions.start(request, reply, renewed)
    return reply.redirect('/demo/app', 303)
  })

  app.post('/demo/app/sign-out', { config }, async (request, reply) => {
    const session = await sessions.find(request)
    await sessions.end(request, reply)
    const url = session?.kind === 'signed-in' ? await clientOf(request).signOutUrl(session) : '/demo/app'
    return reply.redirect(url, 303)
  })

  function send(request: FastifyRequest, reply: FastifyReply, main: SafeHtml) {
    return reply.fragment(sampleLayout(request, app.assetUrls, main))
  }
}

/** What to tell the person. Throws again what is nobody's doing. */
function faultOf(error: unknown): MessageKey {
  if (error instanceof AuthorizationResponseError) {
    return error.error === 'access_denied' ? 'demoApp.refused' : 'demoApp.failed'
  }
  if (error instanceof ClientError || error instanceof ResponseBodyError) return 'demoApp.failed'
  throw error
}
