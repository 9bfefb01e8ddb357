import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attemptKey, countAttempt } from '../../src/accounts/attempt-limit.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import { finishRecovery, openRecovery, type Recovered } from '../../src/accounts/recovery/finish-recovery.ts'
import { judgePassword } from '../../src/accounts/password/judge-password.ts'
import { serverLengthOf } from '../../src/accounts/password/server-length.ts'
import { ownWordsOf } from '../../src/accounts/password/own-words.ts'
import { Problem } from '../../src/problems/problem.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { refuseInvalid } from '../validation.ts'
import { originOf } from '../request-origin.ts'
import { formProblem } from '../web/form-problem.ts'
import type { FaultText } from '../web/form.ts'
import { passwordJudged } from '../web/password-rules.ts'
import { visitor } from '../web/viewer.ts'
import { deadLinkPage, finishPage, recoveredPage, recoveredPartlyPage, toForm } from './finish-page.ts'
import { checkForm, checkLimit, passwordText } from './password-routes.ts'
import { requireRecovery } from './recover-routes.ts'
import { finishPath, forgetToken, keepToken, keptToken } from './recovery-cookie.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

const query = z.object({ token: z.string().max(128).optional() })
const form = z.strictObject({ username: z.string().optional(), password: passwordText })

/** The other end of the link: a new password. Opening it uses nothing up, because mail scanners open links too. */
export const finishRoutes: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, options) => {
  const { ephemeral, passwordPolicyOf } = options

  async function show(request: FastifyRequest, reply: FastifyReply, faults: FaultText[] = []) {
    const recovered = await openRecovery(ephemeral, request.tenant, keptToken(request))
    const { person } = recovered
    const judgement = await judge(options, request.tenant, recovered, '')
    const main = finishPage(request.t, { csrf: reply.csrf(), login: person.login, judgement, faults })
    return page(request, reply, 'recover.finishTitle', main)
  }

  app.get(finishPath, { schema: { querystring: query } }, async (request, reply) => {
    requireRecovery(request)
    const { token } = request.query
    if (token !== undefined) return await keepToken(reply, request.tenant, token).redirect(finishPath, 303)
    // A browser that comes by the link from another site does not send the cookie yet: the page itself has to lead on.
    if (keptToken(request) === '' && request.headers['sec-fetch-site'] === 'cross-site') {
      return page(
        request,
        reply.header('refresh', `0; url=${finishPath}`),
        'recover.finishTitle',
        toForm(request.t),
      )
    }
    return await orDeadLink(request, reply, () => show(request, reply))
  })

  app.post(finishPath, { schema: { body: form }, attachValidation: true }, async (request, reply) => {
    requireRecovery(request)
    return await orDeadLink(request, reply, async () => {
      try {
        refuseInvalid(request)
        const services = { ...options, passwordPolicy: passwordPolicyOf(request.tenant) }
        const given = {
          token: keptToken(request),
          password: request.body.password,
          origin: originOf(request),
        }
        const written = await finishRecovery(services, request.tenant, given, options.clock())
        forgetToken(reply, request.tenant)
        if (written.isComplete) return await reply.redirect('/recover/done', 303)
        return page(request, reply, 'recover.doneTitle', recoveredPartlyPage(request.t, written))
      } catch (error) {
        const { status, faults } = formProblem(request.t, error)
        return await show(request, reply.code(status), faults)
      }
    })
  })

  const onlyJudges = { config: { inReadOnly: 'only judges' }, schema: { body: checkForm } }
  app.post(`${finishPath}/check`, onlyJudges, async (request, reply) => {
    requireRecovery(request)
    const { tenant, t } = request
    const recovered = await openRecovery(ephemeral, tenant, keptToken(request))
    const { accountId } = recovered
    await countAttempt(ephemeral, attemptKey('password-check', tenant.name, accountId), checkLimit)
    const judgement = await judge(options, tenant, recovered, request.body.password)
    return reply.fragment(passwordJudged(t, judgement))
  })

  app.get('/recover/done', async (request, reply) =>
    page(request, reply, 'recover.doneTitle', recoveredPage(request.t)),
  )
}

async function judge(
  { passwordPolicyOf, clock }: SelfServiceOptions,
  tenant: Tenant,
  { found, person }: Recovered,
  text: string,
) {
  const { branch, entry } = found
  const account = { directory: branch.directory, ref: personRefOf(branch.directory, entry), entry }
  const length = await serverLengthOf(tenant, account, clock())
  return await judgePassword(passwordPolicyOf(tenant), text, ownWordsOf(tenant, person), length)
}

async function orDeadLink(request: FastifyRequest, reply: FastifyReply, act: () => Promise<FastifyReply>) {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid-token') throw error
    forgetToken(reply, request.tenant)
    return page(request, reply.code(410), 'recover.deadTitle', deadLinkPage(request.t))
  }
}

function page(
  { t, tenant }: FastifyRequest,
  reply: FastifyReply,
  title: 'recover.finishTitle' | 'recover.deadTitle' | 'recover.doneTitle',
  main: ReturnType<typeof finishPage>,
) {
  return reply.page({ title: t(title), shape: 'narrow', viewer: visitor(tenant.config), main })
}
