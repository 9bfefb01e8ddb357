import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openapi, problems, scopes } from '../../plugins/openapi.ts'
import { strayValues } from './stray-values.ts'
import { makeTenant, openTestFrame, type TestFrame } from './web-frame.ts'

const host = 'id.acme.example'
let frame: TestFrame['app']

const person = z.object({ login: z.string(), mail: z.array(z.string()) }).meta({ id: 'TestPerson' })

beforeAll(async () => {
  const opened = await openTestFrame(
    [
      makeTenant({ issuer: `https://${host}` }),
      makeTenant({ name: 'globex', issuer: 'https://id.globex.example' }),
    ],
    (app) => {
      const schema = {
        tags: ['People'],
        summary: 'Search people',
        security: scopes('people.read'),
        querystring: z.strictObject({
          q: z.string().max(200).describe('Text to search'),
          limit: z.coerce.number().int().max(100).default(20),
        }),
        response: { 200: z.object({ items: z.array(person), next: z.string().nullable() }), ...problems },
      }
      app.get('/api/v1/people', { schema }, async () => ({
        items: [{ login: 'elodie', mail: [] }],
        next: null,
      }))
      app.post(
        '/api/v1/recovery',
        {
          schema: {
            tags: ['Me'],
            summary: 'Recover',
            body: z.strictObject({ login: z.string() }),
            response: { 202: z.strictObject({}), ...problems },
          },
        },
        async (_, reply) => await reply.code(202).send({}),
      )
      app.get('/people', async () => 'a page')
    },
    {},
    async (app) => await app.register(openapi, { viewer: async () => ({ displayName: null, sections: [] }) }),
  )
  frame = opened.app
})
afterAll(async () => await frame.close())

describe('the document of the API', () => {
  test('holds what the schemas validate: parameters, bodies, answers and problems', async () => {
    const answer = await frame.inject({ url: '/api/openapi.json', headers: { host } })
    const document = answer.json()
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(['/api/v1/people', '/api/v1/recovery'])
    const { get } = document.paths['/api/v1/people']
    expect(get.parameters).toContainEqual(
      expect.objectContaining({
        in: 'query',
        name: 'q',
        required: true,
        schema: expect.objectContaining({ type: 'string', maxLength: 200 }),
      }),
    )
    expect(get.responses['200'].content['application/json'].schema.properties.items.items).toEqual({
      $ref: '#/components/schemas/TestPerson',
    })
    expect(get.responses['4XX'].content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    })
    expect(get.security).toEqual([{ token: ['people.read'] }, { session: [] }])
    expect(document.components.schemas).toHaveProperty('Problem')
    expect(document.components.schemas).toHaveProperty('TestPerson')
    expect(
      document.paths['/api/v1/recovery'].post.requestBody.content['application/json'].schema,
    ).toMatchObject({ required: ['login'] })
  })

  test("is the tenant's own: its addresses, and every scope", async () => {
    const answers = await Promise.all(
      [host, 'id.globex.example'].map((each) =>
        frame.inject({ url: '/api/openapi.json', headers: { host: each } }),
      ),
    )
    const tokenUrls = answers.map(
      (answer) => answer.json().components.securitySchemes.token.flows.clientCredentials.tokenUrl,
    )
    expect(tokenUrls).toEqual([
      'https://id.acme.example/oauth2/token',
      'https://id.globex.example/oauth2/token',
    ])
  })

  test('is not sent again to who has it', async () => {
    const { headers } = await frame.inject({ url: '/api/openapi.json', headers: { host } })
    const again = await frame.inject({
      url: '/api/openapi.json',
      headers: { host, 'if-none-match': String(headers.etag) },
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('is shown as a page without any script of its own', async () => {
    const { body } = await frame.inject({ url: '/api/docs', headers: { host, accept: 'text/html' } })
    expect(body).toContain('/api/v1/people')
    expect(body).toContain('Text to search')
    expect(strayValues(body)).toEqual([])
  })
})

test('an answer that does not fit its schema is our fault, not a leak', async () => {
  const { app } = await openTestFrame([makeTenant({ issuer: `https://${host}` })], (routes) => {
    const schema = { response: { 200: z.object({ login: z.email() }) } }
    routes.get('/api/v1/x', { schema }, async () => ({ login: 'not what it says' }))
  })
  const answer = await app.inject({ url: '/api/v1/x', headers: { host } })
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal'])
  await app.close()
})
