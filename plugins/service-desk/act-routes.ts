import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { offeredActs } from '../../src/accounts/offered-acts.ts'
import { serverLengthOf } from '../../src/accounts/password/server-length.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { deskActs, type DeskAct } from '../../src/accounts/reason.ts'
import { targetDocument } from '../password-targets.ts'
import { refuseInvalid } from '../validation.ts'
import type { FaultText } from '../web/form.ts'
import { formProblem } from '../web/form-problem.ts'
import { path } from '../web/safe-url.ts'
import { viewerOf } from '../web/viewer.ts'
import { actForms, type ActForm } from './act-form.ts'
import { actPage } from './act-page.ts'
import { agentOf, type ActResult, type ActResults } from './act-results.ts'
import { loginParam } from './desk-routes.ts'
import type { DeskServices } from './desk-services.ts'
import { doFinishReset } from './do-act.ts'
import { performAct } from './perform-act.ts'

const retryForm = z.strictObject({ id: z.string().max(64) })

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
      { schema: { params: loginParam, body: actForms[act] }, attachValidation: true },
      async (request, reply) => {
        const { login } = request.params
        // What the schema refused may be anything.
        const form: ActForm = request.validationError === undefined ? request.body : { reason: '' }
        try {
          refuseInvalid(request)
          const done = await performAct(services, request, { act, login, form })
          return await showResult(services, request, reply, done)
        } catch (error) {
          const { status, faults } = formProblem(request.t, error)
          reply.code(status)
          return await showForm(services, request, reply, { act, login, typed: form, faults })
        }
      },
    )
  }

  app.post(
    '/desk/:login/reset/retry',
    { schema: { params: loginParam, body: retryForm } },
    async (request, reply) => {
      const { login } = request.params
      const permit = Permit.for(await request.actor(), 'account.reset')
      const { targets } = await doFinishReset(services, request, permit, { login, id: request.body.id })
      const told = { generated: null, mustChange: false, notified: false, renamed: null }
      const result = { act: 'reset', changed: true, targets: targets.map(targetDocument), ...told } as const
      return await showResult(services, request, reply, { login, result })
    },
  )
}

/** On the account's page: a reload of it does nothing again. */
async function showResult(
  { results }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { login, result }: { login: string; result: ActResult },
): Promise<FastifyReply> {
  const owner = { tenant: request.tenant.name, agent: agentOf(await request.actor()), login }
  return await reply.redirect(`${path('desk', login)}?result=${await results.keep(owner, result)}`, 303)
}

type Shown = { act: DeskAct; login: string; typed: ActForm; faults: readonly FaultText[] }

async function showForm(
  { peopleOf, passwordPolicyOf, clock }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, login, typed, faults }: Shown,
): Promise<FastifyReply> {
  const actor = await request.actor()
  const permit = Permit.for(actor, `account.${act}`)
  const account = await readAccount(peopleOf(request.tenant), permit, login, clock())
  const offered = (await offeredActs(permit.agent, account)).find((each) => each.act === act)
  const serverLength = act === 'reset' ? await serverLengthOf(request.tenant, account, clock()) : 0
  const main = actPage(request.t, {
    act,
    account,
    offered,
    isReasonRequired: request.tenant.config.desk.reasonRequired.includes(act),
    profile: passwordPolicyOf(request.tenant).profile,
    serverLength,
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
