import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { isComplete } from '../../src/accounts/rename-account.ts'
import { createOnce } from '../idempotency.ts'
import { problems } from '../openapi.ts'
import { actAnswer, actSchema, reason } from './act-schema.ts'
import type { DeskServices } from './desk-services.ts'
import { doRename, doSetValidity } from './do-act.ts'

const instant = z.iso.datetime({ offset: true }).nullable().optional()
const validityBody = z.strictObject({
  from: instant.describe('First instant that is valid. Null: no limit; absent: as it is.'),
  until: instant.describe('First instant that is not valid any more. Null: no limit; absent: as it is.'),
  reason,
})
const renameBody = z.strictObject({ login: z.string().max(256).describe('The new login.'), reason })
const renameAnswer = z.object({
  login: z.string(),
  dn: z.string(),
  complete: z
    .boolean()
    .describe(
      'False while entries may still hold the old name: the same request, with a new Idempotency-Key, repairs them.',
    ),
  repaired: z.int().describe('Entries that held the old name and hold the new one now.'),
  failed: z.array(z.string()).describe('DNs of entries that could not be changed.'),
  unsearched: z.array(z.string()).describe('DNs of branches that could not be searched for the old name.'),
})

/** The acts that change what an account is: its dates, its login. */
export const changeApi: FastifyPluginAsyncZod<DeskServices> = async (app, services) => {
  const once = createOnce(services)

  app.post(
    '/api/v1/accounts/:login/validity',
    {
      schema: {
        ...actSchema,
        summary: 'Set from when and until when an account is valid',
        body: validityBody,
        response: { 200: actAnswer, ...problems },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.validity')
      const { reason: why, from, until } = request.body
      const validity = {
        ...(from !== undefined && { from: dateOf(from) }),
        ...(until !== undefined && { until: dateOf(until) }),
      }
      const asked = { login: request.params.login, validity, reason: why }
      return await once(request, permit.agent, actAnswer, async () => ({
        changed: (await doSetValidity(services, request, permit, asked)) === 'done',
      }))
    },
  )

  app.post(
    '/api/v1/accounts/:login/rename',
    {
      schema: {
        ...actSchema,
        summary: 'Give an account another login; entries that hold its DN follow',
        body: renameBody,
        response: { 200: renameAnswer, ...problems },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.rename')
      const { reason: why, login: newLogin } = request.body
      const asked = { login: request.params.login, newLogin, reason: why }
      return await once(request, permit.agent, renameAnswer, async () => {
        const renamed = await doRename(services, request, permit, asked)
        const { dn, repaired, failed, unsearched } = renamed
        const missing = { failed: [...failed], unsearched: [...unsearched] }
        return { login: newLogin, dn, complete: isComplete(renamed), repaired: repaired.length, ...missing }
      })
    },
  )
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
