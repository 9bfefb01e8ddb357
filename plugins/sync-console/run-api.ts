import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { problems, scopes } from '../openapi.ts'
import { findRun, type SyncConsole } from './console.ts'
import { frozenDocument, frozenSchema, runDocument, runSchema } from './documents.ts'

const limit = z.coerce.number().int().min(1).max(200).default(50).describe('Most items on a page.')
const next = z.string().nullable().describe('`cursor` of the next page; null on the last.')

/** `/api/v1/sync/runs`, to read. */
export const runApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const shared = { tags: ['Synchronization'], security: scopes('sync.read') }

  app.get(
    '/api/v1/sync/runs',
    {
      schema: {
        ...shared,
        summary: 'List runs, newest first',
        querystring: z.strictObject({
          task: z.string().max(200).optional(),
          limit,
          cursor: z.uuid().optional(),
        }),
        response: { 200: z.object({ items: z.array(runSchema), next, frozen: frozenSchema }), ...problems },
      },
    },
    async (request) => {
      const { name: tenant } = request.tenant
      syncPermit(await request.actor(), 'sync.read')
      const { task, cursor: before, limit: most } = request.query
      const query = { ...(task !== undefined && { task }), ...(before !== undefined && { before }) }
      const found = await console.runs.list({ tenant, limit: most + 1, ...query })
      const page = found.slice(0, most)
      const frozen = frozenDocument(await console.freeze.read(tenant))
      return {
        items: page.map(runDocument),
        next: found.length > most ? (page.at(-1)?.id ?? null) : null,
        frozen,
      }
    },
  )

  app.get(
    '/api/v1/sync/runs/:id',
    {
      schema: {
        ...shared,
        summary: 'Read a run: how far it is, why it is held',
        params: z.object({ id: z.uuid() }),
        response: { 200: runSchema.extend({ frozen: frozenSchema }), ...problems },
      },
    },
    async (request) => {
      syncPermit(await request.actor(), 'sync.read')
      const run = await findRun(console, request.tenant, request.params.id)
      return {
        ...runDocument(run),
        frozen: frozenDocument(await console.freeze.read(request.tenant.name)),
      }
    },
  )
}
