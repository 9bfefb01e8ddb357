import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { hasScope } from '../../src/access/permit.ts'
import { readGroup } from '../../src/accounts/people/read-group.ts'
import { visibleManagers } from '../../src/accounts/people/visible-person.ts'
import { problems, scopes } from '../openapi.ts'
import { sendTagged } from './entity-tag.ts'
import { apiQuery, memberApiQuery } from './list-query.ts'
import { mayLook } from './may-look.ts'
import { groupDocument, groupSchema, personDocument, personSchema } from './person-document.ts'
import type { WhitePagesOptions } from './white-pages.ts'

const listSchema = z.object({
  items: z.array(groupSchema),
  next: z.string().nullable().describe('`cursor` of the next page; null on the last.'),
  total: z.int().describe('Groups on all pages.'),
})

const memberSchema = groupSchema
  .extend({
    memberGroups: z.array(groupSchema).describe('Groups in this group, of this page.'),
    members: z.object({
      items: z.array(personSchema),
      next: z.string().nullable().describe('`cursor` of the next page of members; null on the last.'),
    }),
  })
  .meta({ id: 'GroupWithMembers' })

/** `GET /api/v1/groups` and one of them. */
export const groupApi: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  const common = { tags: ['Groups'], security: scopes('groups.read') }

  app.get(
    '/api/v1/groups',
    {
      schema: {
        ...common,
        summary: 'Find groups',
        querystring: apiQuery,
        response: { 200: listSchema, ...problems },
      },
    },
    async (request) => {
      await mayLook(request, 'groups.read')
      const { q, cursor, limit } = request.query
      const after = cursor === undefined ? {} : { after: cursor }
      const page = await peopleOf(request.tenant).groups.find({ text: q, limit, ...after })
      return { items: page.groups.map(groupDocument), next: page.next, total: page.total }
    },
  )

  app.get(
    '/api/v1/groups/:name',
    {
      schema: {
        ...common,
        summary: 'One group with a page of its members',
        description: 'Members are people: a token without `people.read` gets none.',
        params: z.object({ name: z.string() }),
        querystring: memberApiQuery,
        response: { 200: memberSchema, ...problems },
      },
    },
    async (request, reply) => {
      const actor = await mayLook(request, 'groups.read')
      const { cursor, limit } = request.query
      const view = peopleOf(request.tenant)
      const after = cursor === undefined ? {} : { after: cursor }
      const page = await readGroup(view, actor, request.params.name, { limit, ...after })
      const members = actor.kind === 'anonymous' || hasScope(actor, 'people.read') ? page.members : []
      const managers = await visibleManagers(view, actor, members)
      const document = {
        ...groupDocument(page.group),
        memberGroups: page.memberGroups.map(groupDocument),
        members: {
          items: members.map((person) => personDocument(person, request.tenant.issuer, managers)),
          next: page.next,
        },
      }
      return await sendTagged(request, reply, document)
    },
  )
}
