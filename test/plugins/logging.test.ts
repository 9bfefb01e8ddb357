import { expect, test } from 'vitest'
import { z } from 'zod'
import { Problem } from '../../src/problems/problem.ts'
import { makeTenant, openTestFrame } from './web-frame.ts'

const host = 'id.acme.example'
const canary = 'canary-77d0'

async function openLogged(trustedProxyHops = 0) {
  const server = { host: '127.0.0.1', port: 0, trustedProxyHops, logLevel: 'debug' as const }
  return await openTestFrame(
    [makeTenant({ issuer: `https://${host}` })],
    (app) => {
      app.get('/people', async () => ({}))
      app.get('/recover/:token', async () => ({}))
      app.post('/api/v1/act', { schema: { body: z.strictObject({ name: z.string() }) } }, async () => ({}))
      app.get('/down', async () => {
        throw new Problem('directory-unavailable', {
          cause: Object.assign(new Error('no route'), { password: canary }),
        })
      })
      app.get('/careless', async (request) => {
        request.log.info(
          { headers: request.headers, password: canary, form: { password: canary, token: canary } },
          'x',
        )
        request.log.info({ req: request }, 'y')
        return {}
      })
    },
    { config: { server, keys: ['k'.repeat(43)] } },
  )
}

test('no secret of a request is ever logged: not of its query, path, headers, cookies, body or errors', async () => {
  const { app, lines } = await openLogged()
  const headers = {
    host,
    authorization: `Bearer ${canary}`,
    cookie: `session=${canary}`,
    'x-csrf-token': canary,
  }
  await app.inject({ url: `/people?q=${canary}&code=${canary}`, headers })
  await app.inject({ url: `/recover/${canary}`, headers })
  await app.inject({ url: `/careless?code=${canary}`, headers })
  await app.inject({ url: '/down', headers })
  await app.inject({ url: `/nothing?code=${canary}`, headers })
  await app.inject({ url: `/%zz${canary}`, headers })
  await app.inject({ url: `/people?code=%zz${canary}`, headers })
  await app.inject({ method: 'POST', url: '/api/v1/act', headers, payload: { password: canary } })
  await app.inject({
    method: 'POST',
    url: '/api/v1/act',
    headers: { host, 'content-type': 'application/json' },
    payload: `{"a":"${canary}`,
  })
  await app.close()
  expect(lines.length).toBeGreaterThan(8)
  expect(lines.filter((line) => line.includes(canary))).toEqual([])
})

test('a request is one line, with what an operator looks for', async () => {
  const { app, lines } = await openLogged()
  const answer = await app.inject({ url: '/people?q=x', headers: { host } })
  const [line, ...more] = lines.map((text) => JSON.parse(text))
  expect(more).toEqual([])
  expect(line).toMatchObject({
    level: 'info',
    tenant: 'acme',
    method: 'GET',
    path: '/people',
    status: 200,
    ip: '127.0.0.1',
    requestId: answer.headers['x-request-id'],
  })
  await app.close()
})

test('a request keeps the id that our proxy gave it; one that a client makes up is not believed', async () => {
  const ids: unknown[] = []
  for (const [hops, given] of [
    [1, 'proxy-id-0001'],
    [0, 'proxy-id-0001'],
    [1, 'bad id\u00e9'],
    [1, 'x'.repeat(200)],
  ] as const) {
    const { app } = await openLogged(hops)
    const answer = await app.inject({ url: '/people', headers: { host, 'x-request-id': given } })
    ids.push(answer.headers['x-request-id'] === given)
    await app.close()
  }
  expect(ids).toEqual([true, false, false, false])
})
