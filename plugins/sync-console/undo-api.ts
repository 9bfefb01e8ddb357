import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { createOnce, idempotencyHeader } from '../idempotency.ts'
import { problems, scopes } from '../openapi.ts'
import { originOf } from '../request-origin.ts'
import type { SyncConsole } from './console.ts'
import { runDocument, runSchema } from './documents.ts'
import { undoRun } from './undo-run.ts'

const undoBody = z
  .strictObject({
    preview: z.boolean().default(false).describe('Only plan, and write nothing.'),
    reason: z.string().max(500).optional().describe('Kept in the audit.'),
  })
  .prefault({})

/** `/api/v1/sync/runs/{id}/undo`. */
export const undoApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const once = createOnce(console)
  app.post(
    '/api/v1/sync/runs/:id/undo',
    {
      schema: {
        tags: ['Synchronization'],
        security: scopes('sync.run'),
        headers: idempotencyHeader,
        params: z.object({ id: z.uuid() }),
        summary: 'Start a run that takes back what this one has done',
        description: 'What somebody has changed meanwhile is left alone.',
        body: undoBody,
        response: { 202: runSchema, ...problems },
      },
    },
    async (request, reply) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      const { preview } = request.body
      const given = { reason: request.body.reason, origin: originOf(request) }
      const run = await once(request, permit.agent, runSchema, async () =>
        runDocument(await undoRun(console, permit, { id: request.params.id, preview }, given)),
      )
      return reply.code(202).send(run)
    },
  )
}
