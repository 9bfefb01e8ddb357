import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { createOnce, idempotencyHeader } from '../idempotency.ts'
import { problems, scopes } from '../openapi.ts'
import { originOf } from '../request-origin.ts'
import { approveRun } from './approve-run.ts'
import { cancelRun } from './cancel-run.ts'
import { findRun, type SyncConsole } from './console.ts'
import { runDocument, runSchema } from './documents.ts'

const reason = z.string().max(500).optional().describe('Kept in the audit.')
const needed = z.string().min(1).max(500).describe('Why it is right. Kept in the audit.')

/** What lets a run go on, or ends it. */
export const runActApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const once = createOnce(console)
  const shared = {
    tags: ['Synchronization'],
    security: scopes('sync.run'),
    headers: idempotencyHeader,
    params: z.object({ id: z.uuid() }),
  }

  app.post(
    '/api/v1/sync/runs/:id/approve',
    {
      schema: {
        ...shared,
        summary: 'Apply exactly what a held run, or a preview, has planned',
        description: 'What somebody has changed meanwhile is left alone.',
        body: z.strictObject({ reason: needed }),
        response: { 202: runSchema, ...problems },
      },
    },
    async (request, reply) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      const { id } = request.params
      const given = { reason: request.body.reason, origin: originOf(request) }
      const run = await once(request, permit.agent, runSchema, async () => {
        await approveRun(console, permit, id, given)
        return runDocument(await findRun(console, request.tenant, id))
      })
      return reply.code(202).send(run)
    },
  )

  app.post(
    '/api/v1/sync/runs/:id/cancel',
    {
      schema: {
        ...shared,
        summary: 'End a run, or give up its plan; what it has done by then stays',
        body: z.strictObject({ reason }).default({}),
        response: { 200: runSchema, ...problems },
      },
    },
    async (request) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      const { id } = request.params
      const given = { reason: request.body.reason, origin: originOf(request) }
      return await once(request, permit.agent, runSchema, async () => {
        await cancelRun(console, permit, id, given)
        return runDocument(await findRun(console, request.tenant, id))
      })
    },
  )
}
