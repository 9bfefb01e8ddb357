import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { unseenStatesAt } from '../../src/accounts/count-states.ts'
import { findAccounts } from '../../src/accounts/find-accounts.ts'
import { offeredActs } from '../../src/accounts/offered-acts.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { stateNames } from '../../src/directory/account-state.ts'
import { problems, scopes } from '../openapi.ts'
import { accountDocument, accountSchema, actDocument, offeredActSchema } from './account-document.ts'
import type { DeskServices } from './desk-services.ts'

export const loginParams = z.object({ login: z.string().describe('The login of the account.') })

const listQuery = z.strictObject({
  q: z.string().max(4_000).default('').describe('Words of name, login or mail, with or without accents.'),
  state: z.enum(stateNames).optional().describe('Only accounts of which this is true now.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most items on a page.'),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before, for the same search.'),
})

const accountPage = z.object({
  items: z.array(accountSchema),
  next: z.string().nullable().describe('`cursor` of the next page; null on the last.'),
  unseen: z
    .boolean()
    .describe('A directory does not let us see all of that state: that somebody is not listed says nothing.'),
})

/** `GET /api/v1/accounts` and one account of them. */
export const accountApi: FastifyPluginAsyncZod<DeskServices> = async (app, { peopleOf, clock }) => {
  const common = { tags: ['Accounts'], security: scopes('accounts.read') }

  app.get(
    '/api/v1/accounts',
    {
      schema: {
        ...common,
        summary: 'Find accounts by text, by state, or both',
        description:
          'Those within the reach of the caller’s role. A page may be shorter than `limit` and have a next one.',
        querystring: listQuery,
        response: {
          200: accountPage,
          ...problems,
        },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.read')
      const { q: text, state, limit, cursor } = request.query
      const query = {
        text,
        limit,
        ...(state !== undefined && { state }),
        ...(cursor !== undefined && { after: cursor }),
      }
      const { accounts, next } = await findAccounts(peopleOf(request.tenant), permit, query, clock())
      const unseen =
        state !== undefined && (await unseenStatesAt(permit.agent.tenant.uses.desk)).includes(state)
      return { items: accounts.map(accountDocument), next, unseen }
    },
  )

  app.get(
    '/api/v1/accounts/:login',
    {
      schema: {
        ...common,
        summary: 'One account: its true state, and what the caller may do',
        params: loginParams,
        response: {
          200: accountSchema.extend({ acts: z.array(offeredActSchema) }).meta({ id: 'AccountWithActs' }),
          ...problems,
        },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.read')
      const account = await readAccount(peopleOf(request.tenant), permit, request.params.login, clock())
      const acts = await offeredActs(permit.agent, account)
      return { ...accountDocument(account), acts: acts.map(actDocument) }
    },
  )
}
