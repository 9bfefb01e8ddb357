import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestRecovery } from '../../src/accounts/recovery/request-recovery.ts'
import { Problem } from '../../src/problems/problem.ts'
import { originOf } from '../request-origin.ts'
import { problems } from '../openapi.ts'
import { refuseInvalid } from '../validation.ts'
import { formProblem } from '../web/form-problem.ts'
import type { FaultText } from '../web/form.ts'
import { visitor } from '../web/viewer.ts'
import { askedPage, recoverPage } from './recover-page.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

const identifier = z.string().trim().min(1).max(256)
const form = z.strictObject({ identifier })
const body = z.strictObject({ identifier: identifier.describe('Login or mail address.') })

/** Asking for a link by mail. Whoever asks, and for whom: one answer. */
export const recoverRoutes: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, options) => {
  const ask = async (request: FastifyRequest, asked: string) =>
    await requestRecovery(options, request.tenant, asked, originOf(request))

  app.get('/recover', async (request, reply) => {
    requireRecovery(request)
    return showForm(request, reply)
  })

  app.post('/recover', { schema: { body: form }, attachValidation: true }, async (request, reply) => {
    requireRecovery(request)
    try {
      refuseInvalid(request)
    } catch (error) {
      const { status, faults } = formProblem(request.t, error)
      return showForm(request, reply.code(status), faults)
    }
    await ask(request, request.body.identifier)
    return await reply.redirect('/recover/asked', 303)
  })

  app.get('/recover/asked', async (request, reply) => {
    requireRecovery(request)
    const { t, tenant } = request
    const main = askedPage(t, { minutes: tenant.config.recovery.lifetime })
    return reply.page({
      title: t('recover.askedTitle'),
      shape: 'narrow',
      viewer: visitor(tenant.config),
      main,
    })
  })

  app.post(
    '/api/v1/recovery',
    {
      schema: {
        tags: ['Me'],
        summary: 'Ask for a link to choose a new password',
        description:
          'The answer is the same whether anybody has that login or address. At most one mail follows.',
        security: [],
        body,
        response: { 202: z.object({}).describe('Always.'), ...problems },
      },
    },
    async (request, reply) => {
      requireRecovery(request)
      await ask(request, request.body.identifier)
      return await reply.code(202).send({})
    },
  )
}

/** Where recovery is off, or no mail can be sent, these addresses do not exist. */
export function requireRecovery({ tenant }: FastifyRequest): void {
  if (!tenant.config.recovery.enabled) throw new Problem('not-found')
}

function showForm(request: FastifyRequest, reply: FastifyReply, faults: FaultText[] = []) {
  const { t, tenant } = request
  const main = recoverPage(t, { csrf: reply.csrf(), faults })
  return reply.page({ title: t('recover.title'), shape: 'narrow', viewer: visitor(tenant.config), main })
}
