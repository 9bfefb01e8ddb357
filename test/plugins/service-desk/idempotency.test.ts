import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../../support/postgres.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

let slapd: Slapd
let service: DeskService
let token: string
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  service = await startDeskService(slapd)
  token = await tokenOf(service)
})
afterAll(async () => {
  await service.stop()
  await slapd.stop()
})

const reset = async (login: string, key: string, body: object = { generate: true }, by = token) =>
  await call(service, `/accounts/${login}/password-reset`, {
    token: by,
    body,
    headers: { 'idempotency-key': key },
  })
const resets = async () =>
  (await service.audit.list('acme', { limit: 200, action: 'password.reset' })).items.length

describe('an Idempotency-Key', () => {
  test('gives the first answer again, its generated password included, and does nothing twice', async () => {
    const first = await reset('u000010', 'key-1', { generate: true, mustChange: false })
    const events = await resets()
    const again = await reset('u000010', 'key-1', { generate: true, mustChange: false })
    expect(again.body).toEqual(first.body)
    expect([again.status, await resets()]).toEqual([200, events])
    await signedIn(service, 'u000010', String(first.body['password']))
  })

  test('counts spellings of one request as one', async () => {
    const first = await reset('u000011', 'key-2', { generate: true, notify: false })
    expect((await reset('u000011', 'key-2', { notify: false, generate: true })).body).toEqual(first.body)
  })

  test('is refused with another body, and for another account', async () => {
    await reset('u000012', 'key-3')
    expect((await reset('u000012', 'key-3', { generate: true, mustChange: false })).body).toMatchObject({
      status: 422,
      code: 'key-reused',
    })
    expect((await reset('u000013', 'key-3')).body).toMatchObject({ status: 422, code: 'key-reused' })
  })

  test('lets one of parallel requests through', async () => {
    const events = await resets()
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset('u000014', 'key-4')))
    const done = answers.filter(({ status }) => status === 200)
    expect(new Set(done.map(({ body }) => body['password'])).size).toBe(1)
    for (const { status, body, headers } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body['code'], headers.get('retry-after')]).toEqual([409, 'in-progress', '1'])
    }
    expect(await resets()).toBe(events + 2)
  })

  test('is free again after a refusal, which did nothing', async () => {
    expect((await reset('u000015', 'key-5', { password: 'short' })).status).toBe(422)
    expect((await reset('u000015', 'key-5', { password: 'horse battery staple 55' })).status).toBe(200)
  })

  test('belongs to whoever sent it', async () => {
    const first = await reset('u000016', 'key-6')
    const browser = await signedIn(service, 'hugo')
    const page = await browser.open(`${service.issuer}/people`)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const other = await browser.once(`${service.issuer}/api/v1/accounts/u000016/password-reset`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-csrf-token': csrf,
        'idempotency-key': 'key-6',
        accept: 'application/json',
      },
      body: JSON.stringify({ generate: true }),
    })
    expect(other.status).toBe(200)
    expect(JSON.parse(other.text)).not.toEqual(first.body)
  })

  test('opens nothing for a token that may not act any more', async () => {
    await reset('u000017', 'key-7')
    const reader = await tokenOf(service, 'cli', ['accounts.read'])
    expect((await reset('u000017', 'key-7', { generate: true }, reader)).body).toMatchObject({
      status: 403,
      code: 'insufficient-scope',
    })
  })

  test('is refused when nobody could have made it', async () => {
    expect((await reset('u000018', 'k'.repeat(256))).body).toMatchObject({
      status: 400,
      code: 'invalid-input',
    })
  })
})

test('without the audit nothing is done, and the key may be used again', async () => {
  const postgres = await startPostgres()
  const other = await startDeskService(slapd, { databaseUrl: postgres.url })
  try {
    const key = { 'idempotency-key': 'key-1' }
    const bearer = await tokenOf(other)
    const send = () =>
      call(other, '/accounts/u000020/lock', { token: bearer, body: { reason: 'x' }, headers: key })
    await call(other, '/accounts/u000021/lock', { token: bearer, body: { reason: 'x' } })
    await postgres.stop()
    const refused = await send()
    expect([refused.status, refused.body['code']]).toEqual([503, 'audit-unavailable'])
    expect(refused.headers.get('retry-after')).toBe('2')
    expect((await send()).status).toBe(503)
    expect((await call(other, '/accounts/u000020', { token: bearer })).body).toMatchObject({
      state: { canSignIn: true },
    })
  } finally {
    await other.stop()
  }
})
