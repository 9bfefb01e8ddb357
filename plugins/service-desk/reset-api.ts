import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { createOnce } from '../idempotency.ts'
import { problems } from '../openapi.ts'
import { writtenDocument, writtenFields } from '../password-targets.ts'
import { actSchema, reason } from './act-schema.ts'
import type { DeskServices } from './desk-services.ts'
import { doFinishReset, doReset } from './do-act.ts'

const options = {
  mustChange: z
    .boolean()
    .default(true)
    .describe('The person has to choose another password at the next sign-in.'),
  notify: z.boolean().default(false).describe('Tell the person by mail; the mail never holds the password.'),
  reason,
}
const resetBody = z.union([
  z.strictObject({ generate: z.literal(true), ...options }),
  z.strictObject({ password: z.string().max(1_000).meta({ writeOnly: true }), ...options }),
])
const resetAnswer = z.object({
  password: z.string().nullable().describe('The generated password, this once; null when one was given.'),
  ...writtenFields,
})
const retryBody = z.strictObject({ id: z.string().max(64).describe('`retry` of the answer before.') })
const retryAnswer = z.object(writtenFields)

/** `POST /api/v1/accounts/{login}/password-reset`, and what brings a password to a directory that was down. */
export const resetApi: FastifyPluginAsyncZod<DeskServices> = async (app, services) => {
  const once = createOnce(services)

  app.post(
    '/api/v1/accounts/:login/password-reset',
    {
      schema: {
        ...actSchema,
        summary: 'Give an account a new password; ends its sessions',
        description:
          '200 also when a further directory has not taken it: the person has the new password for signing in, and `complete` is false.',
        body: resetBody,
        response: { 200: resetAnswer, ...problems },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.reset')
      const { mustChange, notify, reason: why, ...given } = request.body
      const asked = {
        mustChange,
        notify,
        ...(why !== undefined && { reason: why }),
        ...('password' in given && { password: given.password }),
      }
      return await once(request, permit.agent, resetAnswer, async () => {
        const reset = await doReset(services, request, permit, request.params.login, asked)
        return { password: reset.generated, ...writtenDocument(reset) }
      })
    },
  )

  app.post(
    '/api/v1/accounts/:login/password-reset/retry',
    {
      schema: {
        ...actSchema,
        summary: 'Write the last new password in the directories that missed it',
        body: retryBody,
        response: { 200: retryAnswer, ...problems },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.reset')
      const about = { login: request.params.login, id: request.body.id }
      return await once(request, permit.agent, retryAnswer, async () =>
        writtenDocument(await doFinishReset(services, request, permit, about)),
      )
    },
  )
}
