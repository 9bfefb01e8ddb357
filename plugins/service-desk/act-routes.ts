import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { offeredActs } from '../../src/accounts/offered-acts.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { deskActs, type DeskAct } from '../../src/accounts/reason.ts'
import { refuseInvalid } from '../validation.ts'
import type { FaultText } from '../web/form.ts'
import { formProblem } from '../web/form-problem.ts'
import { path } from '../web/safe-url.ts'
import { viewerOf } from '../web/viewer.ts'
import { actPage, type ActForm } from './act-page.ts'
import { agentOf, type ActResult, type ActResults } from './act-results.ts'
import { loginParam } from './desk-routes.ts'
import type { DeskServices } from './desk-services.ts'
import { doAct, doReset } from './do-act.ts'

const ticked = z.literal('on').optional()
const actForm = z.strictObject({ reason: z.string().max(500).default('') })
const resetForm = actForm.extend({
  password: z.string().max(1_000).default(''),
  mustChange: ticked,
  notify: ticked,
})
type Form = z.infer<typeof actForm> & Partial<z.infer<typeof resetForm>>

type Services = DeskServices & { results: ActResults }

/** A page for each act, which asks before it, and its form. */
export const actRoutes: FastifyPluginAsyncZod<Services> = async (app, services) => {
  for (const act of deskActs) {
    const url = `/desk/:login/${act}`
    app.get(url, { schema: { params: loginParam } }, async (request, reply) => {
      const typed: ActForm = { reason: '', mustChange: 'on', notify: 'on' }
      return await showForm(services, request, reply, { act, login: request.params.login, typed, faults: [] })
    })
    app.post(
      url,
      { schema: { params: loginParam, body: act === 'reset' ? resetForm : actForm }, attachValidation: true },
      async (request, reply) => {
        const { login } = request.params
        // What the schema refused may be anything.
        const form: Form = request.validationError === undefined ? request.body : { reason: '' }
        try {
          refuseInvalid(request)
          const id = await services.results.keep(
            { tenant: request.tenant.name, agent: agentOf(await request.actor()), login },
            await perform(services, request, act, login, form),
          )
          return await reply.redirect(`${path('desk', login)}?result=${id}`, 303)
        } catch (error) {
          const { status, faults } = formProblem(request.t, error)
          reply.code(status)
          return await showForm(services, request, reply, { act, login, typed: form, faults })
        }
      },
    )
  }
}

async function perform(
  services: Services,
  request: FastifyRequest,
  act: DeskAct,
  login: string,
  { reason, password = '', mustChange, notify }: Form,
): Promise<ActResult> {
  const actor = await request.actor()
  const nothing = { generated: null, mustChange: false, notified: false }
  if (act !== 'reset') {
    const outcome = await doAct(services, request, Permit.for(actor, `account.${act}`), {
      act,
      login,
      reason,
    })
    return { act, changed: outcome === 'done', ...nothing }
  }
  const asked = { mustChange: mustChange === 'on', notify: notify === 'on', reason }
  const { generated } = await doReset(services, request, Permit.for(actor, 'account.reset'), login, {
    ...asked,
    ...(password !== '' && { password }),
  })
  return { act, changed: true, generated, mustChange: asked.mustChange, notified: asked.notify }
}

async function showForm(
  { peopleOf, passwordPolicyOf, clock }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    act,
    login,
    typed,
    faults,
  }: { act: DeskAct; login: string; typed: ActForm; faults: readonly FaultText[] },
): Promise<FastifyReply> {
  const actor = await request.actor()
  const permit = Permit.for(actor, `account.${act}`)
  const account = await readAccount(peopleOf(request.tenant), permit, login, clock())
  const offered = (await offeredActs(permit.agent, account)).find((each) => each.act === act)
  const main = actPage(request.t, {
    act,
    account,
    offered,
    isReasonRequired: request.tenant.config.desk.reasonRequired.includes(act),
    profile: passwordPolicyOf(request.tenant).profile,
    csrf: reply.csrf(),
    typed,
    faults,
  })
  return reply.page({
    title: request.t(`act.${act}.title`, { name: account.shown.displayName }),
    section: 'desk',
    viewer: viewerOf(actor),
    shape: 'narrow',
    main,
  })
}
