import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readGroup } from '../../src/accounts/people/read-group.ts'
import { viewerOf } from '../web/viewer.ts'
import { groupsFragment, groupPage, groupsPage } from './group-page.ts'
import { memberPageQuery, pageQuery } from './list-query.ts'
import { mayLook } from './may-look.ts'
import type { WhitePagesOptions } from './white-pages.ts'

const PAGE = 50

/** `/groups` and a page of each. */
export const groupRoutes: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  app.get('/groups', { schema: { querystring: pageQuery } }, async (request, reply) => {
    const actor = await mayLook(request, 'groups.read')
    const { query, t } = request
    const page = await peopleOf(request.tenant).groups.find({
      text: query.q,
      limit: PAGE,
      ...(query.cursor !== undefined && { after: query.cursor }),
    })
    if (request.wantsFragment) return reply.fragment(groupsFragment(t, query, page))
    const main = groupsPage(t, query, page)
    return reply.page({ title: t('groups.title'), section: 'groups', viewer: viewerOf(actor), main })
  })

  app.get(
    '/groups/:name',
    { schema: { params: z.object({ name: z.string() }), querystring: memberPageQuery } },
    async (request, reply) => {
      const actor = await mayLook(request, 'groups.read')
      const { cursor } = request.query
      const page = await readGroup(peopleOf(request.tenant), actor, request.params.name, {
        limit: PAGE,
        ...(cursor !== undefined && { after: cursor }),
      })
      const main = groupPage(request.t, page, cursor)
      return reply.page({ title: page.group.name, section: 'groups', viewer: viewerOf(actor), main })
    },
  )
}
