import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { refuseInvalid } from '../../plugins/validation.ts'
import { errorSummary } from '../../plugins/web/error-summary.ts'
import { field } from '../../plugins/web/form.ts'
import { formProblem } from '../../plugins/web/form-problem.ts'
import { html } from '../../plugins/web/html.ts'
import { isMessageKey, translator } from '../../src/messages/message.ts'
import { Problem, problemCodes } from '../../src/problems/problem.ts'
import { strayValues } from './stray-values.ts'
import { makeTenant, openTestFrame, type TestFrame } from './web-frame.ts'

const host = 'id.acme.example'
const french = { host, 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.8' }
const canary = 'canary-5f1c'
let frame: TestFrame

const body = z.strictObject({
  name: z.string().min(3).max(5),
  age: z.number().min(18),
  kind: z.enum(['a', 'b']),
  site: z.object({ city: z.string() }),
})

beforeAll(async () => {
  frame = await openTestFrame([makeTenant({ issuer: `https://${host}` })], (app) => {
    app.get(
      '/problem/:code',
      { schema: { params: z.object({ code: z.enum(problemCodes) }) } },
      async ({ params }) => {
        throw new Problem(params.code, { cause: new Error(canary) })
      },
    )
    app.get('/broken', async () => {
      throw new TypeError(`connect to ldap://10.1.2.3 with ${canary}`)
    })
    app.get('/status', async () => {
      throw Object.assign(new Error(canary), { statusCode: 418, code: 'E_TEAPOT' })
    })
    app.get('/not-an-error', async () => {
      // oxlint-disable-next-line typescript/only-throw-error -- a library may
      throw canary
    })
    app.get('/wait', async () => {
      throw new Problem('too-many-attempts', { retryAfter: 42 })
    })
    app.post('/api/v1/things', { schema: { body } }, async () => ({}))
    app.post(
      '/form',
      {
        schema: { body: z.object({ name: z.string().min(3) }) },
        attachValidation: true,
        config: { crossSite: 'test' },
      },
      async (request, reply) => {
        try {
          refuseInvalid(request)
          throw new Problem(request.body.name === 'taken' ? 'conflict' : 'directory-unavailable')
        } catch (error) {
          const { status, faults } = formProblem(request.t, error)
          const main = html`${errorSummary(request.t, faults)}${field({ name: 'name', label: 'Nom', faults, value: request.body.name })}`
          return reply.code(status).page({ title: 'Form', main, viewer: { displayName: null, sections: [] } })
        }
      },
    )
    app.get('/api/v1/things/:id', async () => ({}))
    app.refuseUnusedMethods()
  })
})
afterAll(async () => await frame.app.close())

describe('every code of the list', () => {
  test('has a title and what to do next, in both languages', () => {
    const keys = problemCodes.flatMap((code) => [`problem.${code}.title`, `problem.${code}.detail`])
    expect(keys.filter((key) => !isMessageKey(key))).toEqual([])
    const [en, fr] = [translator('en'), translator('fr')]
    const same = keys.filter(isMessageKey).filter((key) => en(key) === fr(key) || en(key) === '')
    expect(same).toEqual([])
  })

  test.each(problemCodes.filter((code) => code !== 'not-signed-in'))(
    '%s is problem+json for programs and a page for people',
    async (code) => {
      const url = `/problem/${code}`
      const program = await frame.app.inject({ url, headers: { ...french, accept: 'application/json' } })
      const person = await frame.app.inject({ url, headers: { ...french, accept: 'text/html,*/*;q=0.8' } })
      const document = program.json()
      expect(program.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(document).toMatchObject({
        type: `urn:idaas:problem:${code}`,
        code,
        status: program.statusCode,
        requestId: program.headers['x-request-id'],
      })
      expect(document.title).toBe(translator('fr')(`problem.${code}.title`))
      expect(person.statusCode).toBe(program.statusCode)
      expect(person.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(person.body).toContain(html`<h1>${document.title}</h1>`.toString())
      expect(person.body).toContain(String(person.headers['x-request-id']))
      expect(strayValues(person.body)).toEqual([])
      expect(person.body + program.body).not.toContain(canary)
    },
  )
})

test('who is not signed in is led there and back, programs are told', async () => {
  const url = '/problem/not-signed-in'
  const program = await frame.app.inject({ url, headers: { host, accept: 'application/json' } })
  const person = await frame.app.inject({ url, headers: { host, accept: 'text/html' } })
  expect([program.statusCode, program.headers['www-authenticate']]).toEqual([401, 'Bearer'])
  expect([person.statusCode, person.headers.location]).toEqual([
    303,
    `/sign-in?to=${encodeURIComponent(url)}`,
  ])
})

describe('what nobody foresaw', () => {
  test.each(['/broken', '/status', '/not-an-error'])(
    '%s is internal: told to nobody, logged once under the id that the person has',
    async (url) => {
      frame.lines.length = 0
      const answer = await frame.app.inject({ url, headers: french })
      expect([answer.statusCode, answer.body.includes(canary)]).toEqual([500, false])
      const logged = frame.lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')
      expect(logged).toHaveLength(1)
      expect(logged[0]).toMatchObject({ requestId: answer.headers['x-request-id'], tenant: 'acme' })
      expect(JSON.stringify(logged[0])).toContain(canary)
    },
  )

  test('in the error page itself still tells nobody', async () => {
    const { app } = await openTestFrame([makeTenant({ issuer: `https://${host}` })], (routes) => {
      routes.get('/broken', async () => {
        throw new Error(canary)
      })
      routes.addHook('preHandler', async (_request, reply) => {
        reply.page = () => {
          throw new Error(canary)
        }
      })
    })
    const answer = await app.inject({ url: '/broken', headers: { host } })
    expect([answer.statusCode, answer.json().code, answer.body.includes(canary)]).toEqual([
      500,
      'internal',
      false,
    ])
    await app.close()
  })
})

describe('a refused body', () => {
  test('names each field and what is expected of it, in the language of the request', async () => {
    const payload = { name: 'ab', age: 17, kind: 'c', site: {}, extra: 1 }
    const answer = await frame.app.inject({
      method: 'POST',
      url: '/api/v1/things',
      headers: { host, 'accept-language': 'en' },
      payload,
    })
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'invalid-input',
      faults: [
        { field: 'name', reason: 'too-short', text: 'Use at least 3 characters.' },
        { field: 'age', reason: 'too-small', text: 'Use 18 or more.' },
        { field: 'kind', reason: 'not-allowed', text: 'Choose one of the values offered.' },
        { field: 'site.city', reason: 'required', text: 'Fill in this field.' },
        { field: 'extra', reason: 'unknown-field', text: 'This field does not exist here.' },
      ],
    })
  })

  test('with the wrong type or missing says so', async () => {
    const payload = { name: ['a', 'b'], kind: 'a', site: 'x' }
    const answer = await frame.app.inject({
      method: 'POST',
      url: '/api/v1/things',
      headers: { host },
      payload,
    })
    expect(
      answer
        .json()
        .faults.map(({ field: name, reason }: { field: string; reason: string }) => [name, reason]),
    ).toEqual([
      ['name', 'wrong-type'],
      ['age', 'required'],
      ['site', 'wrong-type'],
    ])
  })
})

describe('a form', () => {
  const post = (name: string, headers: Record<string, string> = {}) =>
    frame.app.inject({
      method: 'POST',
      url: '/form',
      headers: { ...french, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams({ name }).toString(),
    })

  test('comes back with what was typed, the fault at its field and above', async () => {
    const answer = await post('<b')
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('href="#field-name"')
    expect(answer.body).toMatch(
      /id="field-name"[^>]*value="&lt;b"[^>]*aria-describedby="fault-name"[^>]*aria-invalid="true"/s,
    )
    expect(strayValues(answer.body)).toEqual([])
  })

  test('comes back with a conflict said above it', async () => {
    const answer = await post('taken')
    expect([answer.statusCode, answer.body.includes(translator('fr')('problem.conflict.title'))]).toEqual([
      409,
      true,
    ])
  })

  test('is no help when the directory is down: a page of its own, with when to try again', async () => {
    const answer = await post('Élodie')
    expect([answer.statusCode, answer.headers['retry-after'], answer.body.includes('field-name')]).toEqual([
      503,
      '5',
      false,
    ])
  })

  test('that htmx sends gets a notice to put in place', async () => {
    const answer = await post('Élodie', { 'hx-request': 'true' })
    expect([answer.statusCode, answer.body.startsWith('<div class="notice danger"')]).toEqual([503, true])
  })
})

describe('other answers', () => {
  test('an address that does not exist is 404, of the API as problem+json without being asked', async () => {
    const [page, api] = await Promise.all(
      ['/nothing', '/api/v1/nothing'].map((url) => frame.app.inject({ url, headers: french })),
    )
    expect([page?.statusCode, page?.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect([api?.statusCode, api?.json().code]).toEqual([404, 'not-found'])
  })

  test('an address that exists for other methods is 405 and says for which', async () => {
    const answer = await frame.app.inject({ method: 'DELETE', url: '/api/v1/things/7', headers: { host } })
    expect([answer.statusCode, answer.headers['allow'], answer.json().code]).toEqual([
      405,
      'GET, HEAD',
      'method-not-allowed',
    ])
  })

  test('for a host that is nobody’s not even that is said: 421', async () => {
    const stranger = { host: 'evil.example' }
    const answer = await frame.app.inject({ method: 'DELETE', url: '/api/v1/things/7', headers: stranger })
    expect(answer.statusCode).toBe(421)
  })

  test('too many attempts say when to come back', async () => {
    const answer = await frame.app.inject({ url: '/wait', headers: { host } })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '42'])
  })

  test('a refused token is told how to do better (RFC 6750)', async () => {
    const answer = await frame.app.inject({
      url: '/problem/insufficient-scope',
      headers: { host, accept: 'application/json' },
    })
    expect(answer.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"')
  })
})
