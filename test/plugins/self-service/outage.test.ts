import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { createBrowser } from '../oidc/browser.ts'
import { mainOf, signedIn, startSite, type SelfServiceSite } from './self-service-site.ts'

let slapd: Slapd
let site: SelfServiceSite

beforeAll(async () => {
  slapd = await startSlapd()
  site = await startSite(slapd)
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})

const password = 'seven blue horses run'

test('a dead directory is 503 on every page of one’s own account, and a link outlives it', async () => {
  const elodie = await signedIn(site, 'elefevre')
  const form = mainOf(await elodie.open(`${site.issuer}/password`))
  const stranger = createBrowser()
  await stranger.submit(await stranger.open(`${site.issuer}/recover`), { identifier: 'alice' })
  const link = await site.linkTo('alice.martin@example.org')
  const holder = createBrowser()
  const finish = await holder.open(link)

  await slapd.kill()
  const answers = [
    await elodie.once(`${site.issuer}/account`),
    await elodie.once(`${site.issuer}/api/v1/me`),
    await elodie.send(form, { old: 'pw-elefevre', password }),
    await holder.once(`${site.issuer}/recover/finish`),
    await holder.send(finish, { password }),
  ]
  expect(answers.map(({ url, status, headers }) => [url, status, headers.get('retry-after')])).toEqual(
    answers.map(({ url }) => [url, 503, '2']),
  )

  await slapd.restart()
  const done = await until(
    async () => {
      const answer = await holder.submit(finish, { password })
      return answer.status === 503 ? null : answer
    },
    { within: 5_000 },
  )
  expect(done.url).toBe(`${site.issuer}/recover/done`)
})
