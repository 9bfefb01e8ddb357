import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { accountIdOf } from '../../../src/accounts/account-id.ts'
import type { Credentials } from '../../../src/accounts/authenticate.ts'
import type { Written } from '../../../src/accounts/password/write-everywhere.ts'
import type { ChangeRequest } from '../../../src/accounts/change-password.ts'
import type { SignInResult } from '../../../src/accounts/sign-in-result.ts'
import { Problem } from '../../../src/problems/problem.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { originOf } from '../../request-origin.ts'
import type { FaultText } from '../../web/form.ts'
import { partlyPage } from '../../password-places.ts'
import { targetDocument } from '../../password-targets.ts'
import { formProblem } from '../../web/form-problem.ts'
import { portalClientId } from '../clients.ts'
import { expiredInteraction } from './expired-interaction.ts'
import { applicationOf, finishInteraction, openInteraction, type OpenInteraction } from './interaction.ts'
import { pagePolicy } from './page-policy.ts'
import { formPage } from './reader.ts'
import { changeAfter, changeReason, changeSchema, type PasswordChange } from './password-change.ts'
import { changePage, signInPage } from './sign-in-page.ts'
import type { TenantOidc } from '../tenant-oidc.ts'

export type SignInOptions = {
  oidcOf(request: FastifyRequest): TenantOidc
  authenticate(tenant: Tenant, credentials: Credentials): Promise<SignInResult>
  /** Throws Problem `password-refused` with every fault, `wrong-password`, `too-many-attempts`. */
  changePassword(tenant: Tenant, accountId: string, change: ChangeRequest): Promise<Written>
  clock: () => Date
}

const signInForm = z.object({
  login: z.string().max(256).default(''),
  password: z.string().max(1024).default(''),
})
const changeForm = z.object({
  old: z.string().max(1024).default(''),
  password: z.string().max(1024).default(''),
})

type Shown = { login?: string; faults?: readonly FaultText[] }

/** Sign-in with login and password, and the change of a password that has expired or was reset. */
export async function signInRoutes(scope: FastifyInstance, options: SignInOptions): Promise<void> {
  const app = scope.withTypeProvider<ZodTypeProvider>()
  const { oidcOf, authenticate, changePassword, clock } = options

  app.get('/sign-in/:uid', { schema: { hide: true } }, async (request, reply) => {
    const open = await openInteraction(request, reply, oidcOf(request))
    return open === null ? expiredInteraction(request, reply) : await show(request, reply, open)
  })

  const signsIn = { config: { inReadOnly: 'signs in' }, schema: { body: signInForm, hide: true } }
  app.post('/sign-in/:uid', signsIn, async (request, reply) => {
    const oidc = oidcOf(request)
    const open = await openInteraction(request, reply, oidc)
    if (open === null) return expiredInteraction(request, reply)
    const { login, password } = request.body
    const { clientId: client } = await applicationOf(open)
    const credentials = { login, password, client, ...originOf(request) }
    const result = await atForm(request, reply, open, { login }, () => authenticate(oidc.tenant, credentials))
    if (result === null) return reply
    switch (result.outcome) {
      case 'refused':
        return await show(request, reply.code(422), open, { login, faults: [refusal(request)] })
      case 'must-change':
        await finishInteraction(open, { change: changeAfter(result) })
        return await show(request, reply, open)
      case 'signed-in': {
        const accountId = accountIdOf(result.person)
        // The directory let them in, we would not let them go on: without this they would be asked for their password again and again.
        if (!(await oidc.mayGoOn(accountId))) {
          return await show(request, reply.code(422), open, { login, faults: [refusal(request)] })
        }
        const change = changeAfter(result)
        const href = await signIn(open, accountId, clock(), change)
        return change === null ? reply.redirect(href, 303) : await show(request, reply, open)
      }
    }
  })

  app.post('/sign-in/:uid/password', { schema: { body: changeForm, hide: true } }, async (request, reply) => {
    const oidc = oidcOf(request)
    const open = await openInteraction(request, reply, oidc)
    const change = changeSchema.safeParse(open?.interaction.result?.['change'])
    if (open === null || !change.success) return expiredInteraction(request, reply)
    const { accountId } = change.data
    const written = { ...request.body, origin: originOf(request) }
    const done = await atForm(request, reply, open, {}, () => changePassword(oidc.tenant, accountId, written))
    if (done === null) return reply
    const href = await signIn(open, accountId, clock())
    return done.isComplete ? reply.redirect(href, 303) : showPartly(request, reply, done, href)
  })
}

/** Signed in, and told which directory has not taken the new password. */
function showPartly(request: FastifyRequest, reply: FastifyReply, { targets, retry }: Written, href: string) {
  const { t } = request
  const lead = t(retry === null ? 'account.partlyHelp' : 'account.partlyRetry')
  const main = partlyPage(t, targets.map(targetDocument), { lead, href, label: t('signIn.continue') })
  return reply.page({ title: t('signIn.changeTitle'), main, ...formPage(request) })
}

function refusal({ t }: FastifyRequest): FaultText {
  return { field: '', text: t('signIn.refused') }
}

/** Does an act of the form; when it is refused, shows the form again and returns null. An outage is not the form's: thrown on. */
async function atForm<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  open: OpenInteraction,
  shown: Shown,
  act: () => Promise<T>,
): Promise<T | null> {
  try {
    return await act()
  } catch (error) {
    const { status, faults } = formProblem(request.t, error)
    if (error instanceof Problem && error.retryAfter !== undefined)
      reply.header('retry-after', error.retryAfter)
    await show(request, reply.code(status), open, { ...shown, faults })
    return null
  }
}

/** The form that the interaction is at. */
async function show(request: FastifyRequest, reply: FastifyReply, open: OpenInteraction, shown: Shown = {}) {
  const { t } = request
  const { uid, result } = open.interaction
  const { clientId, name, redirectUri } = await applicationOf(open)
  const { login = loginHint(open), faults = [] } = shown
  const change = changeSchema.safeParse(result?.['change'])
  const csrf = reply.csrf()
  reply.header('content-security-policy', pagePolicy(redirectUri)).header('cache-control', 'no-store')
  if (change.success) {
    const { passwordRules: judgement } = open.oidc
    const action = `/sign-in/${uid}/password`
    const reason = changeReason(request, change.data)
    const later = result?.login === undefined ? null : open.interaction.returnTo
    const { login: username } = change.data
    const main = changePage(t, { action, csrf, judgement, faults, reason, later, login: username })
    return reply.page({ title: t('signIn.changeTitle'), main, ...formPage(request) })
  }
  const canRecover = open.oidc.tenant.config.recovery.enabled
  const application = clientId === portalClientId ? null : name
  const main = signInPage(t, { action: `/sign-in/${uid}`, csrf, application, login, faults, canRecover })
  return reply.page({ title: t('signIn.title'), main, ...formPage(request) })
}

function loginHint({ interaction }: OpenInteraction): string {
  const hint = interaction.params['login_hint']
  return typeof hint === 'string' ? hint : ''
}

/** The address where the signed-in person goes on. Who was signed in in this browser before is signed out, with all that was issued then. */
async function signIn(
  open: OpenInteraction,
  accountId: string,
  now: Date,
  change: PasswordChange | null = null,
): Promise<string> {
  const { interaction, oidc } = open
  const { session } = interaction
  if (session !== undefined && session.accountId !== accountId) {
    await oidc.endSession(session.uid)
    interaction.session = undefined
  }
  const ts = Math.floor(now.getTime() / 1000)
  // `remember: false`: the cookie goes with the browser, the server's own times decide.
  const login = { accountId, ts, at: now.getTime(), amr: ['pwd'], remember: false }
  return await finishInteraction(open, { login, change })
}
