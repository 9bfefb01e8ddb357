import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../src/access/sync-permit.ts'
import { createOnce, idempotencyHeader } from '../idempotency.ts'
import { problems, scopes } from '../openapi.ts'
import { originOf } from '../request-origin.ts'
import { findTask, type SyncConsole } from './console.ts'
import {
  frozenDocument,
  frozenSchema,
  runDocument,
  runSchema,
  taskDocument,
  taskSchema,
} from './documents.ts'
import { readTasks } from './read-tasks.ts'
import { startRun } from './start-run.ts'

const tags = ['Synchronization']
const taskParams = z.object({ name: z.string().max(200) })
const startBody = z
  .strictObject({
    preview: z.boolean().default(false).describe('Only plan, and write nothing.'),
    only: z
      .strictObject({ attribute: z.string().min(1).max(200), value: z.string().min(1).max(1_000) })
      .nullable()
      .default(null)
      .describe('One entry: attribute of the source, and its value.'),
  })
  .prefault({})

/** `/api/v1/sync/tasks`. */
export const taskApi: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const once = createOnce(console)

  app.get(
    '/api/v1/sync/tasks',
    {
      schema: {
        tags,
        security: scopes('sync.read'),
        summary: 'List the tasks, and what each is doing',
        response: {
          200: z.object({ items: z.array(taskSchema), next: z.null(), frozen: frozenSchema }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { tenant } = request
      syncPermit(await request.actor(), 'sync.read')
      const frozen = await console.freeze.read(tenant.name)
      const tasks = await readTasks(console, tenant, console.tasksOf(tenant))
      const items = tasks.map((task) => taskDocument(task, console.clock()))
      return { items, next: null, frozen: frozenDocument(frozen) }
    },
  )

  app.post(
    '/api/v1/sync/tasks/:name/runs',
    {
      schema: {
        tags,
        security: scopes('sync.run'),
        summary: 'Start a run of a task, or a preview of one',
        description: 'A worker does it: its document says how far it is.',
        headers: idempotencyHeader,
        params: taskParams,
        body: startBody,
        response: { 202: runSchema, ...problems },
      },
    },
    async (request, reply) => {
      const permit = syncPermit(await request.actor(), 'sync.run')
      const task = findTask(console, request.tenant, request.params.name)
      const run = await once(request, permit.agent, runSchema, async () => {
        const asked = { task: task.name, ...request.body }
        return runDocument(await startRun(console, permit, asked, { origin: originOf(request) }))
      })
      return reply.code(202).send(run)
    },
  )
}
