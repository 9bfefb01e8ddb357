import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { changeKinds, changeStates } from '../../src/store/sync-terms.ts'
import { problems, scopes } from '../openapi.ts'
import { changeDocument, changeSchema, findingDocument, findingSchema } from './change-document.ts'
import { findRun, type SyncConsole } from './console.ts'
import { describeChange } from './describe-change.ts'

const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most items on a page.'),
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe('`next` of the page before, for the same question.'),
}
const next = z.string().nullable().describe('`cursor` of the next page; null on the last.')
const runParams = z.object({ id: z.uuid() })

/** `/api/v1/sync/runs/{id}/changes` and `/findings`. */
export const detailApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const shared = { tags: ['Synchronization'], security: scopes('sync.read'), params: runParams }

  app.get(
    '/api/v1/sync/runs/:id/changes',
    {
      schema: {
        ...shared,
        summary: 'List what a run changes: old and new values, and the rule that caused each',
        querystring: z.strictObject({
          kind: z.enum(changeKinds).optional(),
          state: z.enum(changeStates).optional(),
          q: z.string().max(1_000).optional().describe('Part of the name.'),
          attribute: z.string().max(200).optional().describe('Only what changes it; in any case.'),
          ...page,
        }),
        response: { 200: z.object({ items: z.array(changeSchema), next }), ...problems },
      },
    },
    async (request) => {
      syncPermit(await request.actor(), 'sync.read')
      const run = await findRun(console, request.tenant, request.params.id)
      const { kind, state, q: name, attribute, cursor: after, limit: most } = request.query
      const rows = await console.journal.list(run.id, {
        limit: most + 1,
        ...(kind !== undefined && { kind }),
        ...(state !== undefined && { state }),
        ...(name !== undefined && { name }),
        ...(attribute !== undefined && { attribute }),
        ...(after !== undefined && { after }),
      })
      return pageOf(rows, most, (row) => changeDocument(describeChange(row)))
    },
  )

  app.get(
    '/api/v1/sync/runs/:id/findings',
    {
      schema: {
        ...shared,
        summary: 'List what a run left alone or could not use',
        querystring: z.strictObject({ kind: z.string().max(100).optional(), ...page }),
        response: { 200: z.object({ items: z.array(findingSchema), next }), ...problems },
      },
    },
    async (request) => {
      syncPermit(await request.actor(), 'sync.read')
      const run = await findRun(console, request.tenant, request.params.id)
      const { kind, cursor: after, limit: most } = request.query
      const found = await console.journal.findings(run.id, {
        limit: most + 1,
        ...(kind !== undefined && { kind }),
        ...(after !== undefined && { after }),
      })
      return pageOf(found, most, findingDocument)
    },
  )
}

function pageOf<T extends { seq: number }, D>(rows: readonly T[], most: number, document: (row: T) => D) {
  const shown = rows.slice(0, most)
  return { items: shown.map(document), next: rows.length > most ? String(shown.at(-1)?.seq) : null }
}
