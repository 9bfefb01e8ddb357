import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import type { Act } from '../../src/accounts/act-on-account.ts'
import { createOnce } from '../idempotency.ts'
import { problems } from '../openapi.ts'
import { actAnswer, actSchema, reason } from './act-schema.ts'
import type { DeskServices } from './desk-services.ts'
import { doAct } from './do-act.ts'

const acts = [
  { act: 'unlock', summary: 'Unlock an account' },
  { act: 'lock', summary: 'Lock an account until somebody unlocks it; ends its sessions' },
  { act: 'disable', summary: 'Disable an account; ends its sessions' },
  { act: 'enable', summary: 'Enable a disabled account' },
  { act: 'require-change', summary: 'Have the person choose another password at the next sign-in' },
] as const satisfies { act: Act; summary: string }[]

/** The acts on an account that need nothing but a reason. */
export const actApi: FastifyPluginAsyncZod<DeskServices> = async (app, services) => {
  const once = createOnce(services)
  for (const { act, summary } of acts) {
    app.post(
      `/api/v1/accounts/:login/${act}`,
      {
        schema: {
          ...actSchema,
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
