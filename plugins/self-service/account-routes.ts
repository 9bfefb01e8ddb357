import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readOwnAccount } from '../../src/accounts/read-own-account.ts'
import { requirePerson } from '../session.ts'
import { viewerOf } from '../web/viewer.ts'
import { accountPage } from './account-page.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

const query = z.object({ done: z.literal('password').optional().catch(undefined) })

/** `/account`: who I am here, and the state of my password. */
export const accountRoutes: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, { peopleOf, clock }) => {
  app.get('/account', { schema: { querystring: query } }, async (request, reply) => {
    const actor = await requirePerson(request)
    const account = await readOwnAccount(peopleOf(request.tenant), actor, clock())
    const isChanged = request.query.done === 'password'
    const main = accountPage(request, { account, actor, isChanged })
    return reply.page({
      title: request.t('account.title'),
      section: 'account',
      viewer: viewerOf(actor),
      main,
    })
  })
}
