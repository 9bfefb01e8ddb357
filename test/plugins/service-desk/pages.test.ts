import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { createBrowser } from '../oidc/browser.ts'
import { strayValues } from '../stray-values.ts'
import { signedIn, startDeskService, type DeskService } from './desk-service.ts'

let slapd: Slapd
let service: DeskService
let chromium: Browser
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  service = await startDeskService(slapd, { changes: { displayName: 'Acme Industries' } })
  chromium = await openBrowser()
  await modify('u000010', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
  await modify(
    'u000011',
    'replace: pwdStartTime\npwdStartTime: 20991231235959Z\n-\nreplace: pwdReset\npwdReset: TRUE',
  )
  await modify(
    'u000013',
    'replace: pwdStartTime\npwdStartTime: 20260831220000Z\n-\nreplace: pwdEndTime\npwdEndTime: 20270630220000Z',
  )
  await modify('u000014', 'replace: userPassword\nuserPassword: {SASL}u000014@ad.example')
  await modify(
    'u000012',
    'replace: userPassword\nuserPassword: {SSHA}!AAAA\n-\nreplace: pwdEndTime\npwdEndTime: 20260101000000Z',
  )
})
afterAll(async () => {
  await chromium.close()
  await service.stop()
  await slapd.stop()
})

const modify = async (login: string, lines: string) =>
  await ldapmodify(
    asRoot(slapd),
    `dn: uid=${login},ou=people,${slapd.suffix}\nchangetype: modify\n${lines}\n`,
  )

type Look = { width?: number; scheme?: 'light' | 'dark'; locale?: string; script?: boolean }

/** A window in which the person has signed in. */
async function windowOf(login: string, path: string, look: Look = {}): Promise<Page> {
  const { width = 1280, scheme = 'light', locale = 'fr-FR', script = true } = look
  const context = await chromium.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale,
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  await page.goto(`${service.issuer}/sign-in?to=${encodeURIComponent(path)}`)
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', `pw-${login}`)
  await page.click('main button[type=submit]')
  return page
}

const pages = {
  start: '/desk',
  hits: '/desk?q=u0000',
  none: '/desk?q=xyzxyz',
  locked: '/desk?state=locked',
  account: '/desk/elefevre',
  'locked-account': '/desk/u000010',
  'disabled-account': '/desk/u000011',
  'closed-account': '/desk/u000012',
  'more-privileged': '/desk/ada',
  reset: '/desk/elefevre/reset',
  lock: '/desk/elefevre/lock',
  senseless: '/desk/elefevre/unlock',
  'dated-account': '/desk/u000013',
  'account-elsewhere': '/desk/u000014',
  'require-change': '/desk/elefevre/require-change',
  validity: '/desk/u000013/validity',
  'validity-disabled': '/desk/u000011/validity',
  rename: '/desk/elefevre/rename',
}

describe.each([
  [360, 'light'],
  [1280, 'dark'],
  [1280, 'light'],
  [360, 'dark'],
] as const)('at %i pixels, %s', (width, scheme) => {
  // axe takes half a second for each of the many pages, and longer beside other tests.
  test(
    'every page is accessible, in French, with nothing stray and nothing wider than the window',
    { timeout: 60_000 },
    async () => {
      const page = await windowOf('hugo', '/desk', { width, scheme })
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(service.issuer + path)
        await screenshot(page, `desk-${name}-${width}-${scheme}`)
        expect.soft(await axe(page), name).toEqual([])
        expect.soft(strayValues(await page.content()), name).toEqual([])
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect.soft(overflow, name).toBe(0)
      }
      await page.context().close()
    },
  )
})

describe('an agent', () => {
  test('finds alice as they type, resets her password, and hands over what she signs in with', async () => {
    const page = await windowOf('hugo', '/desk', { width: 360 })
    await page.locator('#field-q').pressSequentially('alice mart', { delay: 5 })
    await page.click('#hits a:has-text("Alice MARTIN")')
    await page.click('a:has-text("Réinitialiser le mot de passe")')
    await page.click('main button[type=submit]')
    const password = await page.inputValue('#field-generated')
    await screenshot(page, 'desk-done-360-light')
    expect(await axe(page)).toEqual([])
    expect(page.url()).toMatch(/\/desk\/alice\?result=[\w-]{22}$/)
    expect(await page.textContent('main')).toContain('Mot de passe à changer')

    await page.reload()
    expect(await page.locator('#field-generated').count()).toBe(0)
    expect(await page.content()).not.toContain(password)

    // Alice is asked for a password of her own before anything else.
    const alice = createBrowser()
    const form = await alice.open(`${service.issuer}/sign-in?to=/people`)
    const answer = await alice.submit(form, { login: 'alice', password })
    expect(answer.text).toContain('Choose a new password')
    await page.context().close()
  })

  test('works without JavaScript: select a state, open, unlock, lock with a reason', async () => {
    const page = await windowOf('hugo', '/desk', { script: false, locale: 'en-GB' })
    await page.selectOption('[name=state]', 'locked')
    await page.click('button:has-text("Search")')
    await page.click('#hits .accounts a')
    await page.click('button:has-text("Unlock")')
    expect(await page.textContent('main')).toContain('The account is unlocked.')
    await page.click('a:has-text("Lock")')
    await page.click('main button:has-text("Lock")')
    expect(await page.textContent('[role=alert]')).toContain('Fill in this field')
    await page.fill('[name=reason]', 'phone was stolen')
    await page.click('main button:has-text("Lock")')
    expect(await page.textContent('main')).toContain('The account is locked')
    expect(await page.textContent('main')).toContain('Locked by an agent')
    await page.context().close()
  })

  test('learns all that is wrong with a password that they typed, which does not come back', async () => {
    const page = await windowOf('hugo', '/desk/elefevre/reset', { locale: 'en-GB' })
    await page.click('summary:has-text("Choose the password yourself")')
    await page.fill('[name=password]', 'lefevre')
    await page.uncheck('[name=notify]')
    await page.fill('[name=reason]', 'forgot it')
    await page.click('main button[type=submit]')
    expect(await page.textContent('[role=alert]')).toContain('at least 15 characters')
    expect(await page.inputValue('[name=password]')).toBe('')
    expect(await page.isChecked('[name=notify]')).toBe(false)
    expect(await page.inputValue('[name=reason]')).toBe('forgot it')
    expect(await axe(page)).toEqual([])
    await screenshot(page, 'desk-refused-1280-light')
    await page.context().close()
  })

  test('is told why an act is refused, and sees no button for it', async () => {
    const page = await windowOf('hugo', '/desk/ada', { locale: 'en-GB' })
    expect(await page.textContent('main')).toContain('This account has more rights than you.')
    expect(await page.locator('main a[href="/desk/ada/reset"]').count()).toBe(0)
    await page.goto(`${service.issuer}/desk/u000012`)
    expect(await page.textContent('main')).toContain(
      'Another tool (FusionDirectory writes it so) closed this account',
    )
    expect(await page.locator('main a[href="/desk/u000012/reset"]').count()).toBe(0)
    await page.context().close()
  })
})

test('the result of an act is for the agent who did it, on the account it was done to, once', async () => {
  const [hugo, ada] = await Promise.all([signedIn(service, 'hugo'), signedIn(service, 'ada')])
  const reset = async () => {
    const form = await hugo.open(`${service.issuer}/desk/u000020/reset`)
    const done = await hugo.send(
      { ...form, text: form.text.slice(form.text.indexOf('<main')) },
      { mustChange: 'on' },
    )
    expect(done.status).toBe(303)
    return new URL(done.headers.get('location') ?? '', service.issuer).href
  }
  const shown = (text: string) => /id="field-generated"[^]*?value="([^"]+)"/.exec(text)?.[1]
  const first = await reset()
  expect(shown((await ada.open(first)).text)).toBeUndefined()
  const second = await reset()
  expect(shown((await hugo.open(second.replace('u000020', 'u000021'))).text)).toBeUndefined()
  const third = await reset()
  const answer = await hugo.open(third)
  expect(shown(answer.text)).toMatch(/^[A-Z]/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(shown((await hugo.open(third)).text)).toBeUndefined()
  expect(service.lines.join('')).not.toContain(new URL(third).searchParams.get('result'))
})
