import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../../src/access/sync-permit.ts'
import type { Run } from '../../../src/store/sync-runs.ts'
import { originOf } from '../../request-origin.ts'
import { refuseInvalid } from '../../validation.ts'
import { pageHead } from '../../web/data.ts'
import { linkButton } from '../../web/form.ts'
import { formProblem } from '../../web/form-problem.ts'
import { html } from '../../web/html.ts'
import { notice } from '../../web/notice.ts'
import { approveRun } from '../approve-run.ts'
import { cancelRun } from '../cancel-run.ts'
import { findRun, type SyncConsole } from '../console.ts'
import { approvable, cancellable, isUndoable } from '../run-acts.ts'
import { undoRun } from '../undo-run.ts'
import { askPage, type Question } from './ask-page.ts'
import { openPage } from './open-page.ts'
import type { Reader } from './reader.ts'
import { runCrumbs } from './run-crumbs.ts'
import { approveQuestion, cancelQuestion, undoQuestion, type Asked } from './run-questions.ts'
import { runParams } from './run-routes.ts'
import { leftToDo, runPath } from './run-words.ts'

const actForm = z.strictObject({
  reason: z.string().max(500).default(''),
  preview: z.literal('on').optional(),
})
type ActForm = z.infer<typeof actForm>

type Act = {
  /** Whether it makes sense in the state that the run is in now. */
  offered: (run: Run) => boolean
  ask: (reader: Reader, run: Run, asked: Asked) => Question
  /** Gives the run to look at afterwards. */
  do: (console: SyncConsole, request: FastifyRequest, id: string, form: ActForm) => Promise<string>
}

const acts: Readonly<Record<'approve' | 'cancel' | 'undo', Act>> = {
  approve: {
    offered: ({ state, counts }) => approvable.includes(state) && leftToDo(counts) > 0,
    ask: approveQuestion,
    async do(console, request, id, { reason }) {
      await approveRun(console, await permitOf(request), id, { reason, origin: originOf(request) })
      return id
    },
  },
  cancel: {
    offered: ({ state }) => cancellable.includes(state),
    ask: cancelQuestion,
    async do(console, request, id, { reason }) {
      await cancelRun(console, await permitOf(request), id, { reason, origin: originOf(request) })
      return id
    },
  },
  undo: {
    offered: isUndoable,
    ask: undoQuestion,
    async do(console, request, id, { reason, preview }) {
      const asked = { id, preview: preview === 'on' }
      const given = { reason, origin: originOf(request) }
      return (await undoRun(console, await permitOf(request), asked, given)).id
    },
  },
}

async function permitOf(request: FastifyRequest) {
  return syncPermit(await request.actor(), 'sync.run')
}

/** A page for each act on a run, which asks before it, and its form. */
export const runActRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  for (const [name, act] of Object.entries(acts)) {
    const url = `/sync/runs/:id/${name}`
    app.get(url, { schema: { params: runParams } }, async (request, reply) => {
      return await ask(console, act, request, reply, { id: request.params.id, reason: '', faults: [] })
    })
    app.post(
      url,
      { schema: { params: runParams, body: actForm }, attachValidation: true },
      async (request, reply) => {
        const { id } = request.params
        const form: ActForm = request.validationError === undefined ? request.body : { reason: '' }
        try {
          refuseInvalid(request)
          return await reply.redirect(runPath(await act.do(console, request, id, form)), 303)
        } catch (error) {
          const { status, faults } = formProblem(request.t, error)
          const asked = { reason: form.reason, preview: form.preview === 'on', faults }
          return await ask(console, act, request, reply.code(status), { id, ...asked })
        }
      },
    )
  }
}

async function ask(
  console: SyncConsole,
  act: Act,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, ...asked }: Asked & { id: string },
): Promise<FastifyReply> {
  const { t, tenant } = request
  await permitOf(request)
  const { reader, show } = await openPage(console, request, reply)
  const run = await findRun(console, tenant, id)
  const question = act.ask(reader, run, asked)
  const way = runCrumbs(reader, run)
  if (!act.offered(run))
    return show(
      question.title,
      html`${way}${pageHead(question.title)}${notice('info', html`<p>${t('sync.senseless')}</p>`)}
      ${linkButton(runPath(id), t('sync.back'))}`,
    )
  const labels = { reason: t('sync.approve.reason') }
  const page = askPage(t, question, { csrf: reply.csrf(), faults: asked.faults, labels })
  return show(question.title, html`${way}${page}`)
}
