import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { median } from '../../support/median.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { ask } from '../oidc/replicas.ts'
import { createBrowser, formRequest } from '../oidc/browser.ts'
import { strayValues } from '../stray-values.ts'
import { signedIn, startSite, type SelfServiceSite } from './self-service-site.ts'

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

let lastAddress = 0
const fresh = 'seven blue horses run'
const api = async (identifier: string, more: Record<string, string> = {}, at = site) => {
  const response = await fetch(`${at.issuer}/api/v1/recovery`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${++lastAddress}`, ...more },
    body: JSON.stringify({ identifier }),
  })
  return { status: response.status, body: await response.text() }
}

describe('asking for a link', () => {
  test('answers alike for the known, the unknown, those with a role, and beyond the limits', async () => {
    const answers: string[] = []
    for (const identifier of [
      'alice',
      'nobody',
      'hugo',
      'zoe.ouvrard@nowhere.example',
      ...Array(8).fill('u000010'),
    ]) {
      const browser = createBrowser()
      const form = await browser.open(`${site.issuer}/recover`)
      const answer = await browser.submit(form, { identifier })
      expect(answer.url).toBe(`${site.issuer}/recover/asked`)
      answers.push(answer.text.replaceAll(/value="[^"]*"/g, ''))
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('If an account goes with what you typed')
    expect(strayValues(answers[0] ?? '')).toEqual([])
    expect(await api('alice')).toEqual(await api('nobody'))
    expect((await api('alice')).status).toBe(202)
    expect((await api('')).status).toBe(400)
  })

  test('takes the same time for the known and the unknown', async () => {
    const web = await startSite(slapd, { works: false })
    const took = async (identifier: string) => {
      const started = performance.now()
      await api(identifier, {}, web)
      return performance.now() - started
    }
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] }
    await took('warming-up')
    for (let n = 10; n < 50; n++) {
      const known = async () => void times.known.push(await took(`u0000${n}`))
      const unknown = async () => void times.unknown.push(await took(`nobody-${n}`))
      // In turns, so that whatever else the machine does falls on both alike.
      for (const one of n % 2 === 0 ? [known, unknown] : [unknown, known]) await one()
    }
    const usual = median([...times.known, ...times.unknown])
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(1 + usual / 4)
    await web.stop()
  })
})

describe('the link', () => {
  test('leads from the mail to a new password, and says so at every address', async () => {
    await api('elodie.lefevre@example.org')
    const link = await site.linkTo('elodie.lefevre@example.org')
    expect(link).toMatch(new RegExp(`^${site.issuer}/recover/finish\\?token=[\\w-]{43}$`))
    const other = await signedIn(site, 'elefevre')

    const browser = createBrowser()
    const first = await browser.once(link)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/recover/finish'])
    expect(first.headers.get('referrer-policy')).toBe('no-referrer')
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(browser.cookie('recovery')?.line).toMatch(
      /Max-Age=600; Path=\/recover\/finish; HttpOnly; SameSite=Strict/i,
    )
    const page = await browser.open(link)
    expect(page.url).toBe(`${site.issuer}/recover/finish`)
    expect(page.text).toContain('elefevre')
    expect(strayValues(page.text)).toEqual([])

    const refused = await browser.submit(page, { password: 'lefevre' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Use at least 15 characters')
    expect(refused.text).toContain('Do not build it from your name')
    const done = await browser.submit(refused, { password: fresh })
    expect(done.url).toBe(`${site.issuer}/recover/done`)
    expect(browser.cookie('recovery')).toBeUndefined()
    expect(browser.cookie('session')).toBeUndefined()
    expect((await other.open(`${site.issuer}/account`)).url).toContain('/sign-in/')
    await until(async () => (await site.mailsTo('elodie.lefevre@example.org')).length === 2, {
      within: 5_000,
    })
    await signedIn(site, 'elefevre', fresh)

    const again = await createBrowser().open(link)
    expect([again.status, again.text.includes('no longer valid')]).toEqual([410, true])
  })

  test('is the tenant’s own, whatever Host the request names', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    }
    await api('zoeuvrard', headers)
    const [mail] = await until(
      async () => {
        const found = await site.mailsTo('zoe.oeuvrard@example.org')
        return found.length > 0 && found
      },
      { within: 5_000 },
    )
    expect(await site.linkTo(mail?.to[0] ?? '')).toContain(`${site.issuer}/recover/finish`)
    const { status } = await ask({ address: site.issuer, issuer: 'http://evil.example' }, '/recover', {
      method: 'POST',
      form: { identifier: 'zoeuvrard' },
    })
    expect(status).toBe(421)
  })

  test('is not used up by a mail scanner that opens it, nor by its HEAD', async () => {
    await api('u000012')
    const link = await site.linkTo(await mailOf('u000012'))
    for (let n = 0; n < 3; n++) await createBrowser().open(link)
    await fetch(link, { method: 'HEAD', redirect: 'manual' })
    const browser = createBrowser()
    const done = await browser.submit(await browser.open(link), { password: fresh })
    expect(done.url).toBe(`${site.issuer}/recover/done`)
  })

  test('sets one password of twenty that are sent at once', async () => {
    await api('u000013')
    const browser = createBrowser()
    const page = await browser.open(await site.linkTo(await mailOf('u000013')))
    const cookie = [...browser.cookies].map(([key, { value }]) => `${key.split(' ')[0]}=${value}`).join('; ')
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const [url, init] = formRequest(page, { password: fresh })
        const { status } = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
        return status
      }),
    )
    expect(answers.toSorted((a, b) => a - b)).toEqual([303, ...Array(19).fill(410)])
  })

  test('without its cookie, or with another one, opens nothing', async () => {
    for (const path of ['/recover/finish', '/recover/finish?token=', '/recover/finish?token=AAAA']) {
      expect((await createBrowser().open(site.issuer + path)).status).toBe(410)
    }
    expect((await createBrowser().once(`${site.issuer}/recover/finish?token=a&token=b`)).status).toBe(400)
  })

  test('is judged as it is typed, for its holder only', async () => {
    await api('u000014')
    const browser = createBrowser()
    const page = await browser.open(await site.linkTo(await mailOf('u000014')))
    const [, init] = formRequest(page, { password: 'short' })
    const check = `${site.issuer}/recover/finish/check`
    const judged = await browser.once(check, { ...init, headers: { 'hx-request': 'true' } })
    expect([judged.status, judged.text.includes('not yet fulfilled')]).toEqual([200, true])
    browser.cookies.delete('recovery /recover/finish')
    expect((await browser.once(check, { ...init, headers: { 'hx-request': 'true' } })).status).toBe(401)
  })

  test('is in no log line, and neither is what was typed', () => {
    const logged = site.lines.join('\n')
    expect(logged).toContain('/recover')
    expect(logged).not.toMatch(/token=[\w-]{10}/)
    for (const text of [fresh, 'elodie.lefevre@example.org']) expect(logged).not.toContain(text)
  })
})

describe('where recovery is off', () => {
  test.each([
    ['by the tenant', { recovery: { enabled: false } }],
    ['because no mail server is configured', { sendsMail: false }],
  ])('%s its addresses do not exist, and the sign-in does not offer it', async (_, changes) => {
    const off = await startSite(slapd, changes)
    expect((await createBrowser().open(`${off.issuer}/recover`)).status).toBe(404)
    expect((await createBrowser().open(`${off.issuer}/recover/finish`)).status).toBe(404)
    const { status } = await fetch(`${off.issuer}/api/v1/recovery`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"identifier":"alice"}',
    })
    expect(status).toBe(404)
    const page = await createBrowser().open(`${off.issuer}/sign-in`)
    expect(page.text).not.toContain('/recover')
    await off.stop()
  })

  test('and offers it where it is on', async () => {
    expect((await createBrowser().open(`${site.issuer}/sign-in`)).text).toContain('href="/recover"')
  })
})

async function mailOf(login: string): Promise<string> {
  const browser = await signedIn(site, login)
  const { text } = await browser.once(`${site.issuer}/api/v1/me`)
  return z.object({ mail: z.array(z.string()) }).parse(JSON.parse(text)).mail[0] ?? ''
}
