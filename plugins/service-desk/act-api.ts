import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import type { Act } from '../../src/accounts/act-on-account.ts'
import { createOnce, idempotencyHeader } from '../idempotency.ts'
import { problems, scopes } from '../openapi.ts'
import { loginParams } from './account-api.ts'
import type { DeskServices } from './desk-services.ts'
import { doAct, doReset } from './do-act.ts'

const reason = z.string().max(500).optional().describe('Kept in the audit. The tenant may ask for one.')

const resetOptions = {
  mustChange: z
    .boolean()
    .default(true)
    .describe('The person has to choose another password at the next sign-in.'),
  notify: z.boolean().default(false).describe('Tell the person by mail; the mail never holds the password.'),
  reason,
}
const resetBody = z.union([
  z.strictObject({ generate: z.literal(true), ...resetOptions }),
  z.strictObject({ password: z.string().max(1_000).meta({ writeOnly: true }), ...resetOptions }),
])
const resetAnswer = z.object({
  password: z.string().nullable().describe('The generated password, this once; null when one was given.'),
})
const actAnswer = z.object({ changed: z.boolean().describe('False when it was so already.') })

const acts = [
  { act: 'unlock', summary: 'Unlock an account' },
  { act: 'lock', summary: 'Lock an account until somebody unlocks it; ends its sessions' },
  { act: 'disable', summary: 'Disable an account; ends its sessions' },
  { act: 'enable', summary: 'Enable a disabled account' },
] as const satisfies { act: Act; summary: string }[]

/** The acts on an account. Each takes an Idempotency-Key. */
export const actApi: FastifyPluginAsyncZod<DeskServices> = async (app, services) => {
  const once = createOnce(services)
  const common = {
    tags: ['Accounts'],
    security: scopes('accounts.manage'),
    headers: idempotencyHeader,
    params: loginParams,
  }

  app.post(
    '/api/v1/accounts/:login/password-reset',
    {
      schema: {
        ...common,
        summary: 'Give an account a new password; ends its sessions',
        body: resetBody,
        response: { 200: resetAnswer, ...problems },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'account.reset')
      const { mustChange, notify, reason: why, ...given } = request.body
      const reset = {
        mustChange,
        notify,
        ...(why !== undefined && { reason: why }),
        ...('password' in given && { password: given.password }),
      }
      return await once(request, permit.agent, resetAnswer, async () => {
        const { generated } = await doReset(services, request, permit, request.params.login, reset)
        return { password: generated }
      })
    },
  )

  for (const { act, summary } of acts) {
    app.post(
      `/api/v1/accounts/:login/${act}`,
      {
        schema: {
          ...common,
          summary,
          body: z.strictObject({ reason }).default({}),
          response: { 200: actAnswer, ...problems },
        },
      },
      async (request) => {
        const permit = Permit.for(await request.actor(), `account.${act}`)
        return await once(request, permit.agent, actAnswer, async () => {
          const { login } = request.params
          const outcome = await doAct(services, request, permit, { act, login, reason: request.body.reason })
          return { changed: outcome === 'done' }
        })
      },
    )
  }
}
