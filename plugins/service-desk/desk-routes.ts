import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { unseenStatesAt } from '../../src/accounts/count-states.ts'
import { findAccounts } from '../../src/accounts/find-accounts.ts'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { offeredActs } from '../../src/accounts/offered-acts.ts'
import type { ReadStateCounts } from '../../src/accounts/state-counts.ts'
import { findUnfinished } from '../../src/accounts/password/unfinished-write.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { partyOf } from '../../src/accounts/trace.ts'
import { stateNames, type StateName } from '../../src/directory/account-state.ts'
import { viewerOf } from '../web/viewer.ts'
import { accountPage } from './account-page.ts'
import { agentOf, type ActResults } from './act-results.ts'
import type { DeskServices } from './desk-services.ts'
import { accountHits, findPage } from './find-page.ts'
import type { Reader } from './state-words.ts'

const PAGE = 20
/** Milliseconds that the first page waits for the counts. */
const SOON_MS = 300

const findQuery = z.strictObject({
  q: z.string().max(4_000).default(''),
  state: z.enum(['', ...stateNames]).default(''),
  cursor: z.string().max(2_000).optional(),
})

export const loginParam = z.object({ login: z.string() })

/** `/desk`, where accounts are found, and the page of one account. */
export const deskRoutes: FastifyPluginAsyncZod<
  DeskServices & { results: ActResults; stateCounts: ReadStateCounts }
> = async (app, { peopleOf, clock, results, ephemeral, sealer, stateCounts }) => {
  app.get('/desk', { schema: { querystring: findQuery } }, async (request, reply) => {
    const actor = await request.actor()
    const permit = Permit.for(actor, 'account.read')
    const { q, cursor } = request.query
    const state = request.query.state === '' ? undefined : request.query.state
    const query = { q, state, cursor }
    const asked = {
      text: q,
      limit: PAGE,
      ...(state !== undefined && { state }),
      ...(cursor !== undefined && { after: cursor }),
    }
    const isQuestion = q.trim() !== '' || state !== undefined
    const now = clock()
    const people = peopleOf(request.tenant)
    const found = isQuestion
      ? { page: await findAccounts(people, permit, asked, now), isUnseen: await isUnseen(permit, state) }
      : { counted: await soon(stateCounts(people, permit, now)) }
    const reader = readerOf(request, now)
    if (request.wantsFragment) return reply.fragment(accountHits(reader, query, found))
    const main = findPage(reader, query, found)
    return reply.page({ title: request.t('desk.title'), section: 'desk', viewer: viewerOf(actor), main })
  })

  app.get(
    '/desk/:login',
    { schema: { params: loginParam, querystring: z.object({ result: z.string().max(64).optional() }) } },
    async (request, reply) => {
      const actor = await request.actor()
      const permit = Permit.for(actor, 'account.read')
      const now = clock()
      const account = await readAccount(peopleOf(request.tenant), permit, request.params.login, now)
      const { login } = account.ref
      const owner = { tenant: request.tenant.name, agent: agentOf(permit.agent), login }
      const id = request.query.result
      const main = accountPage(readerOf(request, now), {
        account,
        offered: await offeredActs(permit.agent, account),
        reasonRequired: request.tenant.config.desk.reasonRequired,
        result: id === undefined ? null : await results.take(owner, id),
        mayReadAudit: Permit.allows(actor, 'audit.read'),
        unfinished: await findUnfinished(
          { ephemeral, sealer },
          { tenant: request.tenant.name, accountId: accountIdOf(account.ref), by: partyOf(permit.agent) },
        ),
        csrf: () => reply.csrf(),
      })
      const title = account.shown.displayName
      return reply.page({ title, section: 'desk', viewer: viewerOf(actor), main })
    },
  )
}

/** Whether nobody in that state says nothing. */
async function isUnseen({ agent }: Permit, state: StateName | undefined): Promise<boolean> {
  return state !== undefined && (await unseenStatesAt(agent.tenant.uses.desk)).includes(state)
}

/** What is not there soon comes later, by a request of its own; so does the error of a directory that is down. */
async function soon<T>(coming: Promise<T>): Promise<T | null> {
  const late = wait(SOON_MS, null, { ref: false })
  return await Promise.race([coming.catch(() => null), late])
}

export function readerOf({ t, locale }: FastifyRequest, now: Date): Reader {
  return { t, locale, now }
}
