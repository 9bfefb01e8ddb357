import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readCard } from '../../src/accounts/people/read-card.ts'
import { searchPeople } from '../../src/accounts/people/search-people.ts'
import { visibleManagers } from '../../src/accounts/people/visible-person.ts'
import { normalizeDn } from '../../src/ldap/dn.ts'
import { problems, scopes } from '../openapi.ts'
import { sendTagged } from './entity-tag.ts'
import { peopleApiQuery } from './list-query.ts'
import { mayLook } from './may-look.ts'
import { groupDocument, groupSchema, loginParams, personDocument, personSchema } from './person-document.ts'
import type { WhitePagesOptions } from './white-pages.ts'

const listSchema = z.object({
  items: z.array(personSchema),
  next: z.string().nullable().describe('`cursor` of the next page; null on the last.'),
  total: z.int().describe('People on all pages.'),
})

const cardSchema = personSchema
  .extend({
    reports: z.array(personSchema).describe('Those who have this manager, at most 100.'),
    groups: z.array(groupSchema).describe('Nested and dynamic groups included.'),
  })
  .meta({ id: 'PersonCard' })

/** `GET /api/v1/people` and one person of them. */
export const peopleApi: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  const common = { tags: ['People'], security: scopes('people.read') }

  app.get(
    '/api/v1/people',
    {
      schema: {
        ...common,
        summary: 'Find people',
        description:
          'Names, logins, mail addresses, phone numbers, jobs, departments and sites, as far as the caller may see them.',
        querystring: peopleApiQuery,
        response: { 200: listSchema, ...problems },
      },
    },
    async (request) => {
      const actor = await mayLook(request, 'people.read')
      const { q, cursor, limit, sort } = request.query
      const view = peopleOf(request.tenant)
      const after = cursor === undefined ? {} : { after: cursor }
      const { people, total, next } = await searchPeople(view, actor, { text: q, limit, sort, ...after })
      const managers = await visibleManagers(view, actor, people)
      const items = people.map((person) => personDocument(person, request.tenant.issuer, managers))
      return { items, next, total }
    },
  )

  app.get(
    '/api/v1/people/:login',
    {
      schema: {
        ...common,
        summary: 'One person, with their team and groups',
        params: loginParams,
        response: { 200: cardSchema, ...problems },
      },
    },
    async (request, reply) => {
      const actor = await mayLook(request, 'people.read')
      const { person, manager, reports, groups } = await readCard(
        peopleOf(request.tenant),
        actor,
        request.params.login,
      )
      const { issuer } = request.tenant
      // Everyone who reports to this person has them as manager.
      const self = new Map(reports.map((report) => [normalizeDn(report.manager ?? ''), person]))
      const own = new Map(manager === null ? [] : [[normalizeDn(person.manager ?? ''), manager]])
      const document = {
        ...personDocument(person, issuer, own),
        reports: reports.map((report) => personDocument(report, issuer, self)),
        groups: groups.map(groupDocument),
      }
      return await sendTagged(request, reply, document)
    },
  )
}
