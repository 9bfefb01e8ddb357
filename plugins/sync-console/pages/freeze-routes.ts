import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { syncPermit } from '../../../src/access/sync-permit.ts'
import { originOf } from '../../request-origin.ts'
import { refuseInvalid } from '../../validation.ts'
import { textArea, type FaultText } from '../../web/form.ts'
import { formProblem } from '../../web/form-problem.ts'
import { html } from '../../web/html.ts'
import type { SyncConsole } from '../console.ts'
import { setFreeze } from '../set-freeze.ts'
import { askPage } from './ask-page.ts'
import { crumbs } from './crumbs.ts'
import { openPage } from './open-page.ts'

const freezeForm = z.strictObject({ reason: z.string().max(500).default('') })

/** The switch that stops all writing: it asks before, and takes the reason. To lift it is one button. */
export const freezeRoutes: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  app.get('/sync/freeze', async (request, reply) => await ask(console, request, reply, '', []))

  app.post(
    '/sync/freeze',
    { schema: { body: freezeForm }, attachValidation: true },
    async (request, reply) => {
      const reason = request.validationError === undefined ? request.body.reason : ''
      try {
        refuseInvalid(request)
        await set(console, request, 'freeze', reason)
        return await reply.redirect('/sync', 303)
      } catch (error) {
        const { status, faults } = formProblem(request.t, error)
        return await ask(console, request, reply.code(status), reason, faults)
      }
    },
  )

  app.post('/sync/thaw', async (request, reply) => {
    await set(console, request, 'thaw')
    return await reply.redirect('/sync', 303)
  })
}

async function set(
  console: SyncConsole,
  request: FastifyRequest,
  act: 'freeze' | 'thaw',
  reason?: string,
): Promise<void> {
  const permit = syncPermit(await request.actor(), 'sync.run')
  await setFreeze(console, permit, act, { reason, origin: originOf(request) })
}

async function ask(
  console: SyncConsole,
  request: FastifyRequest,
  reply: FastifyReply,
  reason: string,
  faults: readonly FaultText[],
): Promise<FastifyReply> {
  const { t } = request
  syncPermit(await request.actor(), 'sync.run')
  const { reader, show } = await openPage(console, request, reply)
  const label = t('sync.freeze.reason')
  const title = t('sync.freeze.title')
  const question = {
    title,
    consequence: html`<p>${t('sync.freeze.consequence')}</p>`,
    action: '/sync/freeze',
    label: t('sync.freeze.do'),
    content: textArea({ name: 'reason', label, value: reason, faults, required: true, maxlength: 500 }),
    back: '/sync',
  }
  const page = askPage(t, question, { csrf: reader.csrf(), faults, labels: { reason: label } })
  return show(title, html`${crumbs(t)}${page}`)
}
