import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { PersonActor } from '../../src/access/actor.ts'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { attemptKey, countAttempt } from '../../src/accounts/attempt-limit.ts'
import { changePassword } from '../../src/accounts/change-password.ts'
import { finishChange } from '../../src/accounts/finish-change.ts'
import { judgePassword } from '../../src/accounts/password/judge-password.ts'
import { readServerLength } from '../../src/accounts/password/server-length.ts'
import { ownWordsOf } from '../../src/accounts/password/own-words.ts'
import type { Written } from '../../src/accounts/password/write-everywhere.ts'
import { personOf } from '../../src/accounts/person.ts'
import { Problem } from '../../src/problems/problem.ts'
import { partlyPage } from '../password-places.ts'
import { targetDocument } from '../password-targets.ts'
import { originOf } from '../request-origin.ts'
import { requirePerson } from '../session.ts'
import { refuseInvalid } from '../validation.ts'
import { formProblem } from '../web/form-problem.ts'
import type { FaultText } from '../web/form.ts'
import { passwordJudged } from '../web/password-rules.ts'
import { viewerOf } from '../web/viewer.ts'
import { passwordPage } from './password-page.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

export const passwordText = z.string().max(1_024)
/** `username` is there for password managers. */
const changeForm = z.strictObject({
  username: z.string().optional(),
  old: passwordText,
  password: passwordText,
})
const retryForm = z.strictObject({ id: z.string().max(64) })
/** htmx sends the whole form: nothing else of it is read. */
export const checkForm = z.object({ password: passwordText })
/** Looks at a text while it is typed, per account and minute. */
export const checkLimit = { max: 120, window: 60 }

/** `/password`: the signed-in change their own password, by the old one. */
export const passwordRoutes: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, options) => {
  const { ephemeral, passwordPolicyOf } = options

  const judge = async ({ tenant }: FastifyRequest, actor: PersonActor, text: string) => {
    const serverLength = await readServerLength(tenant, accountIdOf(actor.person), options.clock())
    return await judgePassword(passwordPolicyOf(tenant), text, ownWords(actor), serverLength)
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    actor: PersonActor,
    faults: FaultText[] = [],
  ) {
    const { t } = request
    const judgement = await judge(request, actor, '')
    const view = { csrf: reply.csrf(), login: actor.person.login, judgement, faults }
    const main = passwordPage(t, view)
    return reply.page({
      title: t('password.title'),
      section: 'account',
      shape: 'narrow',
      viewer: viewerOf(actor),
      main,
    })
  }

  // Where password managers look (W3C, "A Well-Known URL for Changing Passwords").
  app.get('/.well-known/change-password', async (_request, reply) => await reply.redirect('/password', 302))

  app.get('/password', async (request, reply) => await show(request, reply, await requirePerson(request)))

  app.post('/password', { schema: { body: changeForm }, attachValidation: true }, async (request, reply) => {
    const actor = await requirePerson(request)
    try {
      refuseInvalid(request)
      const { old, password } = request.body
      const written = await change(request, actor, { old, password }, options)
      return await showWritten(request, reply, actor, written)
    } catch (error) {
      const { status, faults } = formProblem(request.t, error)
      if (error instanceof Problem && error.retryAfter !== undefined)
        reply.header('retry-after', error.retryAfter)
      return await show(request, reply.code(status), actor, faults)
    }
  })

  app.post('/password/retry', { schema: { body: retryForm } }, async (request, reply) => {
    const actor = await requirePerson(request)
    return await showWritten(request, reply, actor, await retry(request, actor, request.body.id, options))
  })

  const onlyJudges = { config: { inReadOnly: 'only judges' }, schema: { body: checkForm } }
  app.post('/password/check', onlyJudges, async (request, reply) => {
    const actor = await requirePerson(request)
    await countAttempt(
      ephemeral,
      attemptKey('password-check', request.tenant.name, accountIdOf(actor.person)),
      checkLimit,
    )
    const judgement = await judge(request, actor, request.body.password)
    return reply.fragment(passwordJudged(request.t, judgement))
  })
}

/** Brings the last new password where it is missing; for the page and for the API. */
export async function retry(
  request: FastifyRequest,
  { tenant, person }: PersonActor,
  id: string,
  options: SelfServiceOptions,
): Promise<Written> {
  const given = { id, origin: originOf(request) }
  return await finishChange(options, tenant, accountIdOf(person), given, options.clock())
}

async function showWritten(
  { t }: FastifyRequest,
  reply: FastifyReply,
  actor: PersonActor,
  written: Written,
): Promise<FastifyReply> {
  if (written.isComplete) return await reply.redirect('/account?done=password', 303)
  const next = {
    lead: t(written.retry === null ? 'account.partlyHelp' : 'account.partlyRetry'),
    href: '/account',
    label: t('account.title'),
  }
  const main = partlyPage(t, written.targets.map(targetDocument), next)
  return reply.page({
    title: t('password.title'),
    section: 'account',
    shape: 'narrow',
    viewer: viewerOf(actor),
    main,
  })
}

/** For the page and for the API. The browser's own session goes on. */
export async function change(
  request: FastifyRequest,
  actor: PersonActor,
  { old, password }: { old: string; password: string },
  options: SelfServiceOptions,
): Promise<Written> {
  const { tenant } = request
  const session = await request.browserSession()
  return await changePassword(
    { ...options, passwordPolicy: options.passwordPolicyOf(tenant) },
    tenant,
    accountIdOf(actor.person),
    { old, password, origin: originOf(request), ...(session !== null && { session: session.uid }) },
    options.clock(),
  )
}

function ownWords({ tenant, person, entry }: PersonActor) {
  const directory = tenant.directories.get(person.directory)
  return directory === undefined ? [] : ownWordsOf(tenant, personOf(directory, entry))
}
