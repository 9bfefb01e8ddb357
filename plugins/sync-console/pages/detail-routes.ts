import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { changeKinds, changeStates } from '../../../src/store/sync-terms.ts'
import { findRun, type SyncConsole } from '../console.ts'
import { describeChange } from '../describe-change.ts'
import { changesPage } from './changes-page.ts'
import { findingsPage } from './findings-page.ts'
import { openPage } from './open-page.ts'
import { runParams } from './run-routes.ts'

const PAGE = 25

const cursor = z.coerce.number().int().min(0).max(2_147_483_647).optional()

const changesQuery = z.strictObject({
  kind: z.enum(['', ...changeKinds]).default(''),
  state: z.enum(['', ...changeStates]).default(''),
  q: z.string().trim().max(1_000).default(''),
  attribute: z.string().trim().max(200).default(''),
  cursor,
})

const findingsQuery = z.strictObject({ kind: z.string().max(100).default(''), cursor })

/** The pages of what a run changes, and of what it left alone. */
export const detailRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  app.get(
    '/sync/runs/:id/changes',
    { schema: { params: runParams, querystring: changesQuery } },
    async (request, reply) => {
      const { reader, show } = await openPage(console, request, reply)
      const run = await findRun(console, request.tenant, request.params.id)
      const { kind, state, q, attribute, cursor: after } = request.query
      const rows = await console.journal.list(run.id, {
        limit: PAGE + 1,
        ...(kind !== '' && { kind }),
        ...(state !== '' && { state }),
        ...(q !== '' && { name: q }),
        ...(attribute !== '' && { attribute }),
        ...(after !== undefined && { after }),
      })
      const { items, next } = pageOf(rows)
      const found = { changes: items.map(describeChange), next }
      return show(request.t('sync.changes.title'), changesPage(reader, run, request.query, found))
    },
  )

  app.get(
    '/sync/runs/:id/findings',
    { schema: { params: runParams, querystring: findingsQuery } },
    async (request, reply) => {
      const { reader, show } = await openPage(console, request, reply)
      const run = await findRun(console, request.tenant, request.params.id)
      const { kind, cursor: after } = request.query
      const rows = await console.journal.findings(run.id, {
        limit: PAGE + 1,
        ...(kind !== '' && { kind }),
        ...(after !== undefined && { after }),
      })
      const { items, next } = pageOf(rows)
      const main = findingsPage(reader, run, request.query, { findings: items, next })
      return show(request.t('sync.findings.title'), main)
    },
  )
}

function pageOf<T extends { seq: number }>(rows: readonly T[]): { items: readonly T[]; next: number | null } {
  return { items: rows.slice(0, PAGE), next: rows.length > PAGE ? (rows[PAGE - 1]?.seq ?? null) : null }
}
