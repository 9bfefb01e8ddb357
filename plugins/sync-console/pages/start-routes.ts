import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../../src/access/sync-permit.ts'
import { originOf } from '../../request-origin.ts'
import { refuseInvalid } from '../../validation.ts'
import type { FaultText } from '../../web/form.ts'
import { formProblem } from '../../web/form-problem.ts'
import { html } from '../../web/html.ts'
import { path } from '../../web/safe-url.ts'
import { findTask, type SyncConsole } from '../console.ts'
import { startRun } from '../start-run.ts'
import { askPage } from './ask-page.ts'
import { crumbs, taskCrumb } from './crumbs.ts'
import { entryPage, type EntryForm } from './entry-page.ts'
import { openPage } from './open-page.ts'
import { runPath } from './run-words.ts'
import { taskParams } from './task-routes.ts'

const entryForm = z.strictObject({
  attribute: z.string().trim().min(1).max(200),
  value: z.string().trim().min(1).max(1_000),
  write: z.literal('on').optional(),
})

/** The pages that start a run: of a whole task, which asks before, and of one entry. */
export const startRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  const runUrl = '/sync/tasks/:name/run'
  app.get(runUrl, { schema: { params: taskParams } }, async (request, reply) => {
    return await askToRun(console, request, reply, request.params.name, [])
  })
  app.post(runUrl, { schema: { params: taskParams } }, async (request, reply) => {
    const { name } = request.params
    try {
      const task = findTask(console, request.tenant, name).name
      return await start(console, request, reply, { task, preview: false, only: null })
    } catch (error) {
      const { status, faults } = formProblem(request.t, error)
      return await askToRun(console, request, reply.code(status), name, faults)
    }
  })

  const entryUrl = '/sync/tasks/:name/entry'
  app.get(entryUrl, { schema: { params: taskParams } }, async (request, reply) => {
    return await askForEntry(console, request, reply, request.params.name, null, [])
  })
  app.post(
    entryUrl,
    { schema: { params: taskParams, body: entryForm }, attachValidation: true },
    async (request, reply) => {
      const { name } = request.params
      const typed = typedIn(request.body)
      try {
        refuseInvalid(request)
        const task = findTask(console, request.tenant, name).name
        const { attribute, value, write } = request.body
        return await start(console, request, reply, {
          task,
          preview: write === undefined,
          only: { attribute, value },
        })
      } catch (error) {
        const { status, faults } = formProblem(request.t, error)
        return await askForEntry(console, request, reply.code(status), name, typed, faults)
      }
    },
  )
}

/** What the schema refused may be anything. */
const anything = z
  .object({ attribute: z.string().catch(''), value: z.string().catch(''), write: z.unknown().optional() })
  .catch({ attribute: '', value: '', write: undefined })

function typedIn(body: unknown): EntryForm {
  const { attribute, value, write } = anything.parse(body)
  return { attribute, value, write: write === 'on' }
}

async function start(
  console: SyncConsole,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Parameters<typeof startRun>[2],
): Promise<FastifyReply> {
  const permit = syncPermit(await request.actor(), 'sync.run')
  const run = await startRun(console, permit, asked, { origin: originOf(request) })
  return await reply.redirect(runPath(run.id), 303)
}

async function askToRun(
  console: SyncConsole,
  request: FastifyRequest,
  reply: FastifyReply,
  task: string,
  faults: readonly FaultText[],
): Promise<FastifyReply> {
  const { t, tenant } = request
  syncPermit(await request.actor(), 'sync.run')
  const { reader, show } = await openPage(console, request, reply)
  const { name, source, destination } = findTask(console, tenant, task)
  const title = t('sync.start.title', { task: name })
  const question = {
    title,
    consequence: html`<p>${t('sync.start.consequence', { source, destination })}</p>`,
    action: path('sync', 'tasks', name, 'run'),
    label: t('sync.start.do'),
    button: 'primary' as const,
    back: path('sync', 'tasks', name),
  }
  const page = askPage(t, question, { csrf: reader.csrf(), faults })
  return show(title, html`${crumbs(t, taskCrumb(name))}${page}`)
}

async function askForEntry(
  console: SyncConsole,
  request: FastifyRequest,
  reply: FastifyReply,
  task: string,
  typed: EntryForm | null,
  faults: readonly FaultText[],
): Promise<FastifyReply> {
  const { t, tenant } = request
  syncPermit(await request.actor(), 'sync.run')
  const { reader, show } = await openPage(console, request, reply)
  const info = findTask(console, tenant, task)
  const form = typed ?? { attribute: info.pivots[0] ?? '', value: '', write: false }
  return show(t('sync.entry.title', { task: info.name }), entryPage(reader, info, form, faults))
}
