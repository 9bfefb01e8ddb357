import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import type { ReadStateCounts } from '../../src/accounts/state-counts.ts'
import { stateNames } from '../../src/directory/account-state.ts'
import { problems, scopes } from '../openapi.ts'
import { attachment } from '../web/content-disposition.ts'
import { pageHead } from '../web/data.ts'
import { html } from '../web/html.ts'
import { viewerOf } from '../web/viewer.ts'
import { readerOf } from './desk-routes.ts'
import type { DeskServices } from './desk-services.ts'
import { reportCsv } from './report-csv.ts'
import { statesCard } from './states-card.ts'

const csvQuery = z.strictObject({ state: z.enum(stateNames), q: z.string().max(4_000).default('') })

const countFields = Object.fromEntries(stateNames.map((state) => [state, z.int().nullable()]))

/** How many accounts are in each state, and all of those in one as a file. */
export const reportRoutes: FastifyPluginAsyncZod<DeskServices & { stateCounts: ReadStateCounts }> = async (
  app,
  { peopleOf, clock, stateCounts },
) => {
  app.get('/desk/counts', async (request, reply) => {
    const actor = await request.actor()
    const permit = Permit.for(actor, 'account.read')
    const now = clock()
    const counts = statesCard(
      readerOf(request, now),
      await stateCounts(peopleOf(request.tenant), permit, now),
    )
    if (request.wantsFragment) return reply.fragment(counts)
    const title = request.t('desk.title')
    const main = html`${pageHead(title)}${counts}`
    return reply.page({ title, section: 'desk', viewer: viewerOf(actor), main })
  })

  app.get('/desk.csv', { schema: { querystring: csvQuery } }, async (request, reply) => {
    const permit = Permit.for(await request.actor(), 'account.read')
    const { state, q: text } = request.query
    const reader = readerOf(request, clock())
    const lines = await reportCsv(peopleOf(request.tenant), permit, { state, text }, reader)
    return await reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', attachment(`${request.t(`state.${state}.list`)}.csv`))
      .send(Readable.from(lines))
  })

  app.get(
    '/api/v1/reports',
    {
      schema: {
        tags: ['Accounts'],
        security: scopes('accounts.read'),
        summary: 'How many accounts are in each state',
        description:
          'Among those within the reach of the caller’s role; counted anew once a minute. Null: a directory does not let us see it.',
        response: {
          200: z
            .object({
              at: z.iso.datetime().describe('When they were counted.'),
              counts: z.object(countFields),
            })
            .meta({ id: 'StateCounts' }),
          ...problems,
        },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.read')
      const { counts, at } = await stateCounts(peopleOf(request.tenant), permit, clock())
      return { at: at.toISOString(), counts }
    },
  )
}
