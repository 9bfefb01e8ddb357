import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { hasScope, Permit } from '../../src/access/permit.ts'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { readOwnAccount, type OwnAccount } from '../../src/accounts/read-own-account.ts'
import type { PersonActor } from '../../src/access/actor.ts'
import type { ApiScope } from '../../src/config/permission.ts'
import { permissions } from '../../src/config/permission.ts'
import { Problem } from '../../src/problems/problem.ts'
import { problems, scopes } from '../openapi.ts'
import { writtenDocument, writtenFields } from '../password-targets.ts'
import { personFields, personFieldsOf } from '../person-fields.ts'
import { requirePerson } from '../session.ts'
import { change, passwordText, retry } from './password-routes.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

const time = z.iso.datetime().nullable()

const meSchema = z
  .object({
    id: z.string().describe('Never changes; the `sub` of tokens.'),
    login: z.string(),
    dn: z.string(),
    ...personFields,
    roles: z.array(z.string()),
    permissions: z
      .array(z.enum(permissions))
      .describe('What the roles allow, within the scopes of the token.'),
    password: z.object({
      changedAt: time,
      expiresAt: time.describe('null when it does not expire.'),
      isExpired: z.boolean(),
      mustChange: z.boolean().describe('An agent chose it: another one is asked for at the next sign-in.'),
    }),
  })
  .meta({ id: 'Me' })

const body = z.strictObject({
  old: passwordText.meta({ writeOnly: true }),
  password: passwordText.meta({ writeOnly: true }),
})

const retryBody = z.strictObject({ id: z.string().max(64).describe('`retry` of the answer before.') })
const writtenAnswer = z.object(writtenFields)

/** The signed-in person by API. */
export const meApi: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, options) => {
  const { peopleOf, clock } = options

  app.get(
    '/api/v1/me',
    {
      schema: {
        tags: ['Me'],
        summary: 'Who makes the request: the person, their roles, the state of their password',
        security: scopes('people.read'),
        response: { 200: meSchema, ...problems },
      },
    },
    async (request) => {
      const actor = within(await requirePerson(request), 'people.read')
      return meDocument(actor, await readOwnAccount(peopleOf(request.tenant), actor, clock()))
    },
  )

  app.post(
    '/api/v1/me/password',
    {
      schema: {
        tags: ['Me'],
        summary: 'Change one’s own password; ends the other sessions',
        security: scopes('accounts.manage'),
        body,
        response: {
          200: writtenAnswer.describe('Changed, but not every directory has taken it.'),
          204: z.null().describe('Changed, everywhere.'),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const actor = within(await requirePerson(request), 'accounts.manage')
      const written = await change(request, actor, request.body, options)
      if (!written.isComplete) return await reply.code(200).send(writtenDocument(written))
      return await reply.code(204).send(null)
    },
  )

  app.post(
    '/api/v1/me/password/retry',
    {
      schema: {
        tags: ['Me'],
        summary: 'Write the last new password in the directories that missed it',
        security: scopes('accounts.manage'),
        body: retryBody,
        response: { 200: writtenAnswer, ...problems },
      },
    },
    async (request) => {
      const actor = within(await requirePerson(request), 'accounts.manage')
      return writtenDocument(await retry(request, actor, request.body.id, options))
    },
  )
}

function within(actor: PersonActor, scope: ApiScope): PersonActor {
  if (!hasScope(actor, scope)) throw new Problem('insufficient-scope')
  return actor
}

function meDocument(actor: PersonActor, { person, state }: OwnAccount): z.infer<typeof meSchema> {
  const is = (wanted: string) => state.conditions.some(({ kind }) => kind === wanted)
  return {
    id: accountIdOf(person),
    login: actor.person.login,
    dn: String(actor.person.dn),
    ...personFieldsOf(person),
    roles: actor.roles.map(({ name }) => name),
    permissions: permissions.filter((permission) => Permit.allows(actor, permission)),
    password: {
      changedAt: state.passwordChangedAt?.toISOString() ?? null,
      expiresAt: state.passwordExpiresAt?.toISOString() ?? null,
      isExpired: is('password-expired'),
      mustChange: is('must-change'),
    },
  }
}
