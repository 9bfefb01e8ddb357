import swagger from '@fastify/swagger'
import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { ApiScope } from '../src/config/permission.ts'
import { problemCodes } from '../src/problems/problem.ts'
import { docsPage } from './web/docs-page.ts'
import type { Viewer } from './web/layout.ts'

/** A problem as the document describes it. */
const problemSchema = z
  .object({
    type: z.string().describe('`urn:idaas:problem:` and the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What to do next, in the language of Accept-Language.'),
    code: z.enum(problemCodes),
    requestId: z.string(),
    faults: z
      .array(z.object({ field: z.string(), reason: z.string(), text: z.string() }))
      .optional()
      .describe('What is wrong, field by field.'),
  })
  .meta({ id: 'Problem' })

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

/** The refusals that any operation may answer with: spread into `schema.response`. */
export const problems = {
  '4xx': problem('The request was refused: RFC 9457.'),
  '5xx': problem('The service cannot do it now; `Retry-After` says when to try again.'),
}

/** Who may call an operation: a token with one of the scopes, or the browser's session. */
export function scopes(...needed: readonly ApiScope[]) {
  return [...needed.map((scope) => ({ token: [scope] })), { session: [] }]
}

export type OpenApiOptions = { viewer: (request: FastifyRequest) => Promise<Viewer> }

/** The document of the API, from the schemas that validate, and a page that shows it. Register it before the routes. */
export const openapi = plugin<OpenApiOptions>(async (app, { viewer }) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'IDaaS',
        version: '1',
        description:
          'People, groups, accounts and audit of one organisation. Errors are problem+json (RFC 9457).',
      },
      components: { securitySchemes: securitySchemes('') },
    },
    transform: (given) => {
      const { schema, url } = jsonSchemaTransform(given)
      return { schema: url.startsWith('/api/v1/') ? schema : { ...schema, hide: true }, url }
    },
    transformObject: jsonSchemaTransformObject,
  })
  const documents = new Map<string, { body: string; etag: string }>()
  const documentOf = (issuer: string) => {
    const known = documents.get(issuer)
    if (known !== undefined) return known
    const body = JSON.stringify(documentFor(issuer, app.swagger()))
    const made = { body, etag: `"${hash('sha256', body, 'base64url').slice(0, 16)}"` }
    documents.set(issuer, made)
    return made
  }

  app.get('/api/openapi.json', { schema: { hide: true } }, async (request, reply) => {
    const { body, etag } = documentOf(request.tenant.issuer)
    reply.headers({ etag, 'cache-control': 'public, max-age=300' })
    if (request.headers['if-none-match'] === etag) return await reply.code(304).send()
    return await reply.type('application/json; charset=utf-8').send(body)
  })
  app.get('/api/docs', { schema: { hide: true } }, async (request, reply) => {
    const main = docsPage(request.t, JSON.parse(documentOf(request.tenant.issuer).body))
    return reply.page({ title: request.t('docs.title'), main, viewer: await viewer(request) })
  })
})

/** The document with the tenant's own addresses. */
function documentFor(issuer: string, document: object) {
  const components = 'components' in document ? document.components : null
  return {
    ...document,
    servers: [{ url: issuer }],
    components: {
      ...(typeof components === 'object' ? components : null),
      securitySchemes: securitySchemes(issuer),
    },
  }
}

function securitySchemes(issuer: string) {
  const tokenUrl = `${issuer}/oauth2/token`
  const authorizationUrl = `${issuer}/oauth2/authorize`
  const flows = {
    clientCredentials: { tokenUrl, scopes: scopeTexts },
    authorizationCode: { authorizationUrl, tokenUrl, scopes: scopeTexts },
  }
  const name = issuer.startsWith('https:') ? '__Host-session' : 'session'
  return { token: { type: 'oauth2', flows }, session: { type: 'apiKey', in: 'cookie', name } } as const
}

const scopeTexts: Record<ApiScope, string> = {
  'people.read': 'Read the white pages',
  'groups.read': 'Read groups and their members',
  'accounts.read': 'Read accounts and their state',
  'accounts.manage': 'Reset passwords; lock, unlock, disable and enable accounts',
  'sync.read': 'Read synchronization tasks and runs',
  'sync.run': 'Start synchronization tasks',
  'audit.read': 'Read the audit trail',
}
