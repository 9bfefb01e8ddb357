import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { problems, scopes } from '../openapi.ts'
import { originOf } from '../request-origin.ts'
import type { SyncConsole } from './console.ts'
import { frozenDocument, frozenSchema } from './documents.ts'
import { setFreeze } from './set-freeze.ts'

/** `/api/v1/sync/freeze`: the switch that stops all writing of a tenant's tasks. */
export const freezeApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const url = '/api/v1/sync/freeze'
  const tags = ['Synchronization']
  const response = { 200: z.object({ frozen: frozenSchema }), ...problems }
  const answer = async (tenant: string) => ({ frozen: frozenDocument(await console.freeze.read(tenant)) })

  app.get(
    url,
    {
      schema: {
        tags,
        security: scopes('sync.read'),
        summary: 'Tell whether all writing is stopped',
        response,
      },
    },
    async (request) => {
      syncPermit(await request.actor(), 'sync.read')
      return await answer(request.tenant.name)
    },
  )

  app.put(
    url,
    {
      schema: {
        tags,
        security: scopes('sync.run'),
        summary: 'Stop all writing',
        description: 'Runs go on to plan; nothing is written, also not by runs that are under way.',
        body: z.strictObject({ reason: z.string().min(1).max(500).describe('Shown everywhere.') }),
        response,
      },
    },
    async (request) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      await setFreeze(console, permit, 'freeze', { ...request.body, origin: originOf(request) })
      return await answer(request.tenant.name)
    },
  )

  app.delete(
    url,
    { schema: { tags, security: scopes('sync.run'), summary: 'Let runs write again', response } },
    async (request) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      await setFreeze(console, permit, 'thaw', { origin: originOf(request) })
      return await answer(request.tenant.name)
    },
  )
}
