import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Run } from '../../../src/store/sync-runs.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { findRun, type SyncConsole } from '../console.ts'
import { describeChange } from '../describe-change.ts'
import { openPage } from './open-page.ts'
import { runPage, runPart, type RunView } from './run-page.ts'

/** Operations and findings of one entry that its run shows: more are not for one entry. */
const OF_ENTRY = 20

export const runParams = z.object({ id: z.uuid() })

/** The page of one run: how it stands. */
export const runRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  app.get('/sync/runs/:id', { schema: { params: runParams } }, async (request, reply) => {
    const { reader, frozen, show } = await openPage(console, request, reply)
    const run = await findRun(console, request.tenant, request.params.id)
    const view = {
      run,
      frozen,
      expected: await expectedOf(console, run),
      entry: await entryOf(console, request.tenant, run),
    }
    if (request.wantsFragment) return reply.fragment(runPart(reader, view))
    return show(request.t('sync.run.title', { task: run.task }), runPage(reader, view))
  })
}

async function expectedOf({ runs }: SyncConsole, { tenant, task, state, kind }: Run): Promise<number | null> {
  return state === 'reading' && kind === 'full' ? await runs.lastSourceCount(tenant, task) : null
}

async function entryOf(
  { journal, tasksOf }: SyncConsole,
  tenant: Tenant,
  { id, kind, task }: Run,
): Promise<RunView['entry']> {
  if (kind !== 'entry') return null
  const [rows, findings] = await Promise.all([
    journal.list(id, { limit: OF_ENTRY }),
    journal.findings(id, { limit: OF_ENTRY }),
  ])
  const pivots = tasksOf(tenant).find(({ name }) => name === task)?.pivots ?? []
  return { changes: rows.map(describeChange), findings, pivots }
}
