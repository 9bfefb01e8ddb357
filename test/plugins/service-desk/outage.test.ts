import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { until } from '../../support/poll.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

let slapd: Slapd
let service: DeskService
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  service = await startDeskService(slapd)
})
afterAll(async () => {
  await service.stop()
  await slapd.stop()
})

test('a dead directory is 503 everywhere, never "no such account", and all is well when it is back', async () => {
  const token = await tokenOf(service)
  const hugo = await signedIn(service, 'hugo')
  await slapd.kill()
  for (const path of [
    '/accounts/alice',
    '/accounts?q=alice',
    '/accounts?q=nobody-at-all',
    '/accounts?state=locked',
  ]) {
    const { status, headers, body } = await call(service, path, { token })
    expect([status, body['code'], headers.has('retry-after')], path).toEqual([
      503,
      'directory-unavailable',
      true,
    ])
  }
  const reset = await call(service, '/accounts/alice/password-reset', { token, body: { generate: true } })
  expect(reset.status).toBe(503)
  for (const path of ['/desk?q=alice', '/desk/alice', '/desk/alice/reset']) {
    expect((await hugo.once(service.issuer + path)).status, path).toBe(503)
  }
  await slapd.restart()
  await until(async () => (await call(service, '/accounts/alice', { token })).status === 200, {
    within: 5_000,
  })
})
