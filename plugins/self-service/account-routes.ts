import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { findUnfinished } from '../../src/accounts/password/unfinished-write.ts'
import { readOwnAccount } from '../../src/accounts/read-own-account.ts'
import { personParty } from '../../src/accounts/trace.ts'
import { requirePerson } from '../session.ts'
import { viewerOf } from '../web/viewer.ts'
import { accountPage } from './account-page.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

const query = z.object({ done: z.literal('password').optional().catch(undefined) })

/** `/account`: who I am here, and the state of my password. */
export const accountRoutes: FastifyPluginAsyncZod<SelfServiceOptions> = async (
  app,
  { peopleOf, clock, ephemeral, sealer },
) => {
  app.get('/account', { schema: { querystring: query } }, async (request, reply) => {
    const actor = await requirePerson(request)
    const account = await readOwnAccount(peopleOf(request.tenant), actor, clock())
    const isChanged = request.query.done === 'password'
    const owner = {
      tenant: request.tenant.name,
      accountId: accountIdOf(actor.person),
      by: personParty(actor.person),
    }
    const unfinished = await findUnfinished({ ephemeral, sealer }, owner)
    const csrf = () => reply.csrf()
    const main = accountPage(request, { account, actor, isChanged, unfinished, csrf })
    return reply.page({
      title: request.t('account.title'),
      section: 'account',
      viewer: viewerOf(actor),
      main,
    })
  })
}
