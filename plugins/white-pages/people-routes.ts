import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { readCard } from '../../src/accounts/people/read-card.ts'
import { searchPeople } from '../../src/accounts/people/search-people.ts'
import { viewerOf } from '../web/viewer.ts'
import { cardPage } from './card-page.ts'
import { attachment } from '../web/content-disposition.ts'
import { exportQuery, peoplePageQuery } from './list-query.ts'
import { mayLook } from './may-look.ts'
import { peopleCsv } from './people-csv.ts'
import { peopleFragment, peoplePage } from './people-page.ts'
import type { WhitePagesOptions } from './white-pages.ts'

const PAGE = 20

/** `/people` and the cards. */
export const peopleRoutes: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  app.get('/people', { schema: { querystring: peoplePageQuery } }, async (request, reply) => {
    const actor = await mayLook(request, 'people.read')
    const { query, t } = request
    const page = await searchPeople(peopleOf(request.tenant), actor, {
      text: query.q,
      limit: PAGE,
      sort: query.sort,
      ...(query.cursor !== undefined && { after: query.cursor }),
    })
    if (request.wantsFragment) return reply.fragment(peopleFragment(t, query, page))
    const title = query.q === '' ? t('people.title') : `${query.q} – ${t('people.title')}`
    return reply.page({ title, section: 'people', viewer: viewerOf(actor), main: peoplePage(t, query, page) })
  })

  app.get('/people.csv', { schema: { querystring: exportQuery } }, async (request, reply) => {
    const actor = await mayLook(request, 'people.read')
    const { q, sort } = request.query
    const lines = await peopleCsv(peopleOf(request.tenant), actor, { text: q, sort }, request)
    return await reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', attachment(`${request.t('people.title')}.csv`))
      .send(Readable.from(lines))
  })

  app.get(
    '/people/:login',
    { schema: { params: z.object({ login: z.string() }) } },
    async (request, reply) => {
      const actor = await mayLook(request, 'people.read')
      const card = await readCard(peopleOf(request.tenant), actor, request.params.login)
      const main = cardPage(request.t, card, { mayOpenAccount: Permit.allows(actor, 'account.read') })
      return reply.page({ title: card.person.displayName, section: 'people', viewer: viewerOf(actor), main })
    },
  )
}
