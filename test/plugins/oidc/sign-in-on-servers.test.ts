import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ds389Server } from '../../directory/ds389-server.ts'
import type { DirectoryServer, TestPerson } from '../../directory/directory-server.ts'
import { sambaServer } from '../../directory/samba-server.ts'
import { slapdServer } from '../../directory/slapd-server.ts'
import { suiteOver, type Suite } from '../../directory/suite/suite.ts'
import { ldapTool } from '../../support/ldap-tools.ts'
import { mainOf, startSite, type SelfServiceSite } from '../self-service/self-service-site.ts'
import { application, callback, openApplication } from './application.ts'
import { createBrowser, type Answer } from './browser.ts'

const servers: readonly (readonly [string, () => Promise<DirectoryServer>])[] = [
  ['slapd 2.5', slapdServer],
  ['389-DS', ds389Server],
  ['Samba AD', sambaServer],
]

const first = 'Given-by-somebody-else-1'
const chosen = 'A-long-enough-sentence-1'

describe.each(servers)('signing in on %s', (_name, start) => {
  let server: DirectoryServer
  let suite: Suite
  let site: SelfServiceSite

  beforeAll(async () => {
    server = await start()
    suite = suiteOver(server)
    site = await startSite(...siteOver(server))
  }, 120_000)
  afterAll(async () => {
    await Promise.all([site.stop(), suite.directory.close()])
    await server.stop()
  })

  const tryToSignIn = async ({ login }: TestPerson, password: string) => {
    const browser = createBrowser({ leavesTo: [callback] })
    const page = await browser.open(`${site.issuer}/sign-in?to=/account`)
    return { browser, page: await browser.submit(page, { login, password }) }
  }
  const isSignedIn = ({ url }: Answer) => new URL(url).pathname === '/account'
  const signsIn = async (person: TestPerson, password = person.password) =>
    isSignedIn((await tryToSignIn(person, password)).page)
  const withPassword = async (password: string) => {
    const person = suite.somebody()
    await suite.reset(person, password)
    return person
  }

  test.each([
    ['has expired', 'policy', 'password-expired', 'Your password has expired.'],
    ['is to be changed', 'mustChange', 'must-change', 'given to you by someone else'],
  ] as const)('with a password that %s leads to a new one, and on', async (_how, cause, state, reason) => {
    const person = await withPassword(first)
    await server.cause[cause](person, { maxAge: 1 })
    await suite.eventually(person, state)
    expect((await tryToSignIn(person, 'wrong')).page.text).toContain('The login or the password is wrong')
    const { browser, page } = await tryToSignIn(person, first)
    expect(page.text).toContain(reason)
    expect(page.text).not.toContain('Not now')
    expect(browser.cookie('session')).toBeUndefined()

    const wrong = await browser.submit(mainOf(page), { old: 'wrong', password: chosen })
    expect([wrong.status, browser.cookie('session')]).toEqual([422, undefined])
    const done = await browser.submit(mainOf(wrong), { old: first, password: chosen })
    expect(isSignedIn(done)).toBe(true)
    expect(await suite.outcome(person, first)).toBe('refused')
    // Where it is a second old it may have expired again.
    expect(['accepted', 'expired']).toContain(await suite.outcome(person, chosen))
  })

  test('says how many more sign-ins an expired password allows, and lets people go on', async () => {
    const person = await withPassword(first)
    await server.cause.policy(person, { maxAge: 1, grace: 3 })
    await suite.eventually(person, 'password-expired')
    const { browser, page } = await tryToSignIn(person, first)
    const { grace } = server.can
    expect(page.text).toContain(grace ? 'Only 2 more sign-ins are possible' : 'Choose a new one to go on.')
    if (!grace) return
    const later = /href="([^"]+)">Not now/.exec(page.text)?.[1] ?? ''
    expect(isSignedIn(await browser.open(later))).toBe(true)

    const again = await tryToSignIn(person, first)
    expect(again.page.text).toContain('Only one more sign-in is possible')
    const done = await again.browser.submit(mainOf(again.page), { old: first, password: chosen })
    expect(isSignedIn(done)).toBe(true)
    expect(await suite.outcome(person, first)).toBe('refused')
  })

  test('tells people in time that their password expires', async () => {
    const person = await withPassword(first)
    await server.cause.policy(person, { maxAge: 3 * 86_400 })
    const { page } = await tryToSignIn(person, first)
    expect(page.text).toMatch(/Your password expires on \w+ \d+, 2\d{3}/)
  })

  test('refuses the right password of a shut account as it refuses a wrong one', async () => {
    const person = suite.somebody()
    await server.cause.disabled(person)
    const right = await tryToSignIn(person, person.password)
    const wrong = await tryToSignIn(person, 'wrong')
    expect(right.page.status).toBe(422)
    expect(bodyOf(right.page)).toBe(bodyOf(wrong.page))
  })

  test('is impossible without a password, by the pages and by the API', async () => {
    const person = suite.somebody()
    for (const password of ['', ' ', '   ', '\u00a0', '\0', '\0\0']) {
      const { browser, page } = await tryToSignIn(person, password)
      expect([page.status, browser.cookie('session')]).toEqual([expectedFor(password), undefined])
      await suite.directory.unlock(person.dn)
    }
    const token = await tokenOf(person)
    for (const old of ['', ' ', '\0', '\0\0']) {
      const answer = await fetch(`${site.issuer}/api/v1/me/password`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ old, password: chosen }),
      })
      expect(answer.status).toBe(expectedFor(old))
    }
    expect(await signsIn(person)).toBe(true)
  })

  test('has a server behind it that answers a bind without a password with success, as some do', async () => {
    const { config } = server
    const [url = ''] = config.urls
    const { dn } = suite.somebody()
    const target = { url, dn, password: '', ...(config.ca !== undefined && { caFile: config.ca }) }
    const who = await ldapTool('ldapwhoami', target, []).catch(() => 'refused')
    expect(who).toBe(server.kind === 'active-directory' ? 'refused' : 'anonymous\n')
  })

  async function tokenOf({ login, password }: TestPerson): Promise<string> {
    const app = await openApplication(site)
    const browser = createBrowser({ leavesTo: [callback] })
    const flow = await app.start({ scope: 'openid accounts.manage' })
    const answer = await browser.submit(await browser.open(flow.url), { login, password })
    return (await app.redeem(answer, flow)).access_token
  }
})

function siteOver({ config, people }: DirectoryServer): Parameters<typeof startSite> {
  const account = 'dn' in config.bind ? { appDn: config.bind.dn, appPassword: config.bind.password } : null
  if (account === null) throw new Error('the service signs in by a password')
  const branch = { directory: config.name, base: people }
  return [
    { url: config.urls[0] ?? '', suffix: people, ...account },
    {
      directories: [config],
      uses: { signIn: [branch], whitePages: [], desk: [], groups: [] },
      roles: [],
      // Each test tries much, and all from one address.
      signIn: { maxFailuresPerAccount: 100, maxFailuresPerAddress: 1_000 },
      clients: [
        {
          ...application,
          scopes: [...application.scopes],
          redirectUris: [callback],
          postLogoutRedirectUris: [],
          apiScopes: ['accounts.manage'],
        },
      ],
    },
  ]
}

/** A NUL is no text to us, and comes not even as far as the directory. */
const expectedFor = (password: string) => (password.includes('\0') ? 400 : 422)

/** A page without what is made anew each time. */
function bodyOf({ text }: Answer): string {
  return text.replaceAll(/value="[^"]*"|[\w-]{43}/g, '')
}
