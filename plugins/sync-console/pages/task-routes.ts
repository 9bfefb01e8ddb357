import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../../src/access/sync-permit.ts'
import { originOf } from '../../request-origin.ts'
import { findTask, type SyncConsole } from '../console.ts'
import { readTasks } from '../read-tasks.ts'
import { startRun } from '../start-run.ts'
import { historyPage } from './history-page.ts'
import { openPage } from './open-page.ts'
import { runPath } from './run-words.ts'
import { taskList, tasksPage } from './tasks-page.ts'

const PAGE = 30

export const taskParams = z.object({ name: z.string().max(200) })

/** `/sync`, and the history of one task. */
export const taskRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  app.get('/sync', async (request, reply) => {
    const { tenant, t } = request
    const { reader, frozen, show } = await openPage(console, request, reply)
    const tasks = await readTasks(console, tenant, console.tasksOf(tenant))
    if (request.wantsFragment) return reply.fragment(taskList(reader, tasks))
    return show(t('sync.title'), tasksPage(reader, tasks, frozen))
  })

  app.get(
    '/sync/tasks/:name',
    {
      schema: { params: taskParams, querystring: z.strictObject({ before: z.uuid().optional() }) },
    },
    async (request, reply) => {
      const { reader, show } = await openPage(console, request, reply)
      const { before } = request.query
      const { name } = request.tenant
      const info = findTask(console, request.tenant, request.params.name)
      const found = await console.runs.list({
        tenant: name,
        task: info.name,
        limit: PAGE + 1,
        ...(before !== undefined && { before }),
      })
      const next = found.length > PAGE ? (found[PAGE - 1]?.id ?? null) : null
      const main = historyPage(reader, info, {
        runs: found.slice(0, PAGE),
        next,
        isFirst: before === undefined,
      })
      return show(info.name, main)
    },
  )

  app.post('/sync/tasks/:name/preview', { schema: { params: taskParams } }, async (request, reply) => {
    const permit = syncPermit(await request.actor(), 'sync.run')
    const { name } = findTask(console, request.tenant, request.params.name)
    const asked = { task: name, preview: true, only: null }
    const run = await startRun(console, permit, asked, { origin: originOf(request) })
    return await reply.redirect(runPath(run.id), 303)
  })
}
