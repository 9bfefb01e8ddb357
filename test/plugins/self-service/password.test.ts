import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { until } from '../../support/poll.ts'
import { createBrowser, formRequest } from '../oidc/browser.ts'
import { modify } from '../oidc/directory-change.ts'
import { strayValues } from '../stray-values.ts'
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

const fresh = 'seven blue horses run'
const open = async (login: string, path: string, password?: string) => {
  const browser = await signedIn(site, login, password)
  return { browser, page: mainOf(await browser.open(site.issuer + path)) }
}

describe('the change of a password', () => {
  test('says the rules before anything is typed, and which fields hold what', async () => {
    const { page } = await open('alice', '/password')
    expect(page.text).toContain('At least 15 characters')
    expect(page.text).toContain('autocomplete="current-password"')
    expect(page.text).toContain('autocomplete="new-password"')
    expect(page.text).toMatch(/autocomplete="username"\s+value="alice"/)
    expect(strayValues(page.text)).toEqual([])
  })

  test('goes on in this session and ends the others; a mail tells of it', async () => {
    const { browser, page } = await open('alice', '/password')
    const other = await signedIn(site, 'alice')
    const done = await browser.submit(page, { username: 'alice', old: 'pw-alice', password: fresh })
    expect(done.url).toBe(`${site.issuer}/account?done=password`)
    expect(done.text).toContain('Your password is changed')
    expect((await other.open(`${site.issuer}/account`)).url).toContain('/sign-in/')
    await until(async () => (await site.mailsTo('alice.martin@example.org')).length === 1, { within: 5_000 })
  })

  test('shows all that is wrong at once, and fills no password in again', async () => {
    const { browser, page } = await open('elefevre', '/password')
    const answer = await browser.submit(page, { old: '', password: 'lefevre2024' })
    expect(answer.status).toBe(422)
    for (const text of ['Fill in this field', 'Use at least 15 characters', 'Do not build it from your name'])
      expect(answer.text).toContain(text)
    expect(answer.text).not.toContain('lefevre2024')
  })

  test.each([
    ['en', 'You have had this password before'],
    ['fr', 'Vous avez déjà eu ce mot de passe'],
  ])('says a refusal of the directory in words: %s', async (lang, text) => {
    const login = lang === 'en' ? 'u000010' : 'u000011'
    const { browser, page } = await open(login, '/password')
    const next = await browser.submit(page, { old: `pw-${login}`, password: fresh })
    expect(next.status).toBe(200)
    const form = mainOf(await browser.open(`${site.issuer}/password?lang=${lang}`))
    await browser.submit(form, { old: fresh, password: 'nine green tables sing' })
    const answer = await browser.submit(form, { old: 'nine green tables sing', password: fresh })
    expect([answer.status, answer.text.includes(text)]).toEqual([422, true])
  })

  test('by a wrong old password is refused ten times, then not even tried', async () => {
    const { browser, page } = await open('u000012', '/password')
    await modify(slapd, 'u000012', 'replace: pwdPolicySubentry\npwdPolicySubentry: cn=none,dc=example,dc=org')
    for (let n = 0; n < 10; n++) {
      expect((await browser.submit(page, { old: 'wrong', password: fresh })).status).toBe(422)
    }
    const answer = await browser.submit(page, { old: 'pw-u000012', password: fresh })
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect(answer.text).toContain('Too many attempts')
  })

  test('is found by password managers', async () => {
    const answer = await fetch(`${site.issuer}/.well-known/change-password`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/password'])
  })

  test('is for the signed-in, from our own page', async () => {
    const { browser, page } = await open('u000013', '/password')
    const [url, init] = formRequest(page, { old: 'pw-u000013', password: fresh })
    const foreign = { ...init, headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } }
    expect((await browser.once(url, foreign)).status).toBe(403)
    expect((await fetch(`${site.issuer}/password`, { redirect: 'manual' })).headers.get('location')).toBe(
      '/sign-in?to=%2Fpassword',
    )
  })
})

describe('within the sign-in', () => {
  test('an expired password is changed, with the rules said before, and leads on', async () => {
    const policy = `cn=expiring,ou=policies,${slapd.suffix}`
    await ldapmodify(
      asRoot(slapd),
      `dn: ${policy}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: expiring\npwdAttribute: userPassword\npwdMaxAge: 1\n`,
    )
    await modify(slapd, 'u000015', 'replace: pwdChangedTime\npwdChangedTime: 20200101000000Z')
    await modify(slapd, 'u000015', `replace: pwdPolicySubentry\npwdPolicySubentry: ${policy}`)
    const browser = createBrowser()
    const form = await browser.open(`${site.issuer}/sign-in?to=/api/v1/me`)
    const change = await browser.submit(form, { login: 'u000015', password: 'pw-u000015' })
    expect(change.text).toContain('Your password has expired')
    expect(change.text).toContain('At least 15 characters')
    expect(browser.cookie('session')).toBeUndefined()
    const refused = await browser.submit(change, { old: 'pw-u000015', password: 'u000015' })
    expect([refused.status, refused.text.includes('Use at least 15 characters')]).toEqual([422, true])
    const done = await browser.submit(refused, { old: 'pw-u000015', password: fresh })
    expect(JSON.parse(done.text)).toMatchObject({ login: 'u000015' })
  })
})

describe('a password that is being typed', () => {
  test('is judged by every rule, and logged nowhere', async () => {
    const { browser, page } = await open('u000014', '/password')
    const judge = async (password: string) => {
      const [, init] = formRequest(page, { password })
      return await browser.once(`${site.issuer}/password/check`, {
        ...init,
        headers: { 'hx-request': 'true' },
      })
    }
    const short = await judge('u000014')
    expect(short.text.match(/class="broken"/g)).toHaveLength(2)
    expect(short.text).toContain('2 rules are not yet fulfilled.')
    const good = await judge('a typed secret of mine')
    expect(good.text.match(/class="kept"/g)).toHaveLength(3)
    expect(good.text).toContain('All rules are fulfilled. Very hard to guess')
    expect(site.lines.join('\n')).not.toContain('typed secret')
    for (let n = 0; n < 120; n++) await judge('x')
    expect((await judge('x')).status).toBe(429)
  })
})

describe('my account', () => {
  test('shows who I am, my roles, and how my password stands', async () => {
    const { page } = await open('hugo', '/account')
    for (const text of ['Hugo', 'hugo.grunwald@example.org', 'desk', 'Does not expire', 'In order'])
      expect(page.text).toContain(text)
    expect(strayValues(page.text)).toEqual([])
  })

  test('hides from me what the rules hide from everyone', async () => {
    const hiding = await startSite(slapd, {
      whitePages: { visibility: [{ audience: ['self'], hide: ['mail', 'site'] }] },
    })
    const browser = await signedIn(hiding, 'hugo')
    const { text } = await browser.open(`${hiding.issuer}/account`)
    expect(text).not.toContain('hugo.grunwald@example.org')
    expect((await browser.open(`${hiding.issuer}/api/v1/me`)).text).toContain('"mail":[]')
    await hiding.stop()
  })
})
