import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { strayValues } from '../plugins/stray-values.ts'
import { axe, openBrowser, screenshot } from '../support/chromium.ts'
import { startDemo, type Demo } from '../support/demo.ts'
import { resetByApi } from '../demo/api.ts'
import { demoPassword, enter, type Walker } from './walker.ts'

let demo: Demo
let browser: Browser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

/** A consent is asked for once, so that each language has a person of its own. */
const logins = {
  visitor: { en: null, fr: null },
  person: { en: 'alice', fr: 'tlnguyen' },
  agent: { en: 'hugo', fr: 'hugo' },
  administrator: { en: 'ada', fr: 'ada' },
} as const

/** Every kind of page, by who sees it: what is looked at is the page as it comes, and as `act` leaves it. */
const pages: readonly { as: keyof typeof logins; path: string; act?: (walker: Walker) => Promise<void> }[] = [
  { as: 'visitor', path: '/' },
  { as: 'visitor', path: '/people' },
  { as: 'visitor', path: '/people?q=lefevre' },
  { as: 'visitor', path: '/people?q=nobodyiscalledso' },
  { as: 'visitor', path: '/people/elefevre' },
  { as: 'visitor', path: '/groups' },
  { as: 'visitor', path: '/groups/finances' },
  { as: 'visitor', path: '/sign-in' },
  { as: 'visitor', path: '/sign-in', act: ({ page }) => page.locator('main form button').click() },
  { as: 'visitor', path: '/recover' },
  { as: 'visitor', path: '/recover/asked' },
  { as: 'visitor', path: '/recover/done' },
  { as: 'visitor', path: '/oauth2/logout' },
  { as: 'visitor', path: '/oauth2/logout/success' },
  { as: 'visitor', path: '/oauth2/authorize?client_id=nobody' },
  { as: 'visitor', path: '/api/docs', act: openDetails },
  { as: 'visitor', path: '/demo/app' },
  { as: 'visitor', path: '/demo/inbox' },
  { as: 'visitor', path: '/nothing' },
  { as: 'person', path: '/' },
  { as: 'person', path: '/account' },
  { as: 'person', path: '/password' },
  {
    as: 'person',
    path: '/password',
    act: ({ page }) => page.locator('main form button[type=submit]').click(),
  },
  { as: 'person', path: '/desk' },
  { as: 'person', path: '/demo/app/sign-in' },
  { as: 'person', path: '/demo/app/sign-in', act: ({ page }) => page.locator('[value=allow]').click() },
  { as: 'person', path: '/account', act: ({ page }) => page.locator('.user-menu summary').click() },
  { as: 'agent', path: '/desk' },
  { as: 'agent', path: '/desk?q=martin' },
  { as: 'agent', path: '/desk?q=nobodyiscalledso' },
  { as: 'agent', path: '/desk?state=locked' },
  { as: 'agent', path: '/desk/zoeuvrard' },
  { as: 'agent', path: '/desk/ada' },
  { as: 'agent', path: '/desk/zoeuvrard/reset', act: openDetails },
  { as: 'agent', path: '/desk/zoeuvrard/reset', act: reset },
  { as: 'agent', path: '/desk/jndherve/disable' },
  { as: 'agent', path: '/desk/jndherve/require-change' },
  { as: 'agent', path: '/desk/jndherve/validity' },
  { as: 'agent', path: '/desk/jndherve/rename' },
  {
    as: 'agent',
    path: '/desk/jndherve/disable',
    act: ({ page }) => page.locator('main form button').click(),
  },
  { as: 'agent', path: '/people/elefevre' },
  { as: 'administrator', path: '/audit' },
  { as: 'administrator', path: '/demo/inbox' },
  { as: 'administrator', path: '/demo/inbox', act: ({ page }) => page.locator('main li a').first().click() },
]

/** The first few: those of the API are many, and all alike. */
async function openDetails({ page }: Walker): Promise<void> {
  await page
    .locator('main details')
    .evaluateAll((all) => all.slice(0, 4).forEach((each) => each.setAttribute('open', '')))
}

async function reset({ page }: Walker): Promise<void> {
  const reason = page.locator('[name=reason]')
  if ((await reason.count()) > 0) await reason.fill('a test')
  await page.locator('[name=notify]').check()
  await page.locator('main form button[type=submit]').click()
}

/** The complaint that Chromium makes of every answer with an error, which these pages are. */
const isStatus = (complaint: string) => /the server responded with a status of 4\d\d/.test(complaint)

describe.each(['visitor', 'person', 'agent', 'administrator'] as const)('what a %s sees', (role) => {
  test.each(['en', 'fr'] as const)(
    'is accessible, fits, holds no stray value and breaks no policy, in %s',
    async (locale) => {
      const walker = await enter(browser, demo.issuer, { locale })
      const login = logins[role][locale]
      if (login !== null) await signIn(walker, login)
      const found: string[] = []
      for (const [index, { path, act }] of pages.filter(({ as }) => as === role).entries()) {
        await walker.page.goto(path)
        await act?.(walker)
        await walker.page.waitForLoadState()
        found.push(...(await look(walker, `${role}-${locale}-${index}`)).map((fault) => `${path}: ${fault}`))
      }
      expect(found).toEqual([])
      await walker.context.close()
    },
    120_000,
  )
})

test.each(['en', 'fr'] as const)('a password that must be changed asks so in %s', async (locale) => {
  const login = locale === 'en' ? 'jndherve' : 'elefevre'
  expect(await resetByApi(demo.issuer, login, 'given out by an agent', true)).toBe(200)
  const walker = await enter(browser, demo.issuer, { locale })
  await signIn(walker, login, 'given out by an agent')
  expect(await look(walker, `change-${locale}`)).toEqual([])
  await walker.page.locator('main form button[type=submit]').click()
  expect(await look(walker, `change-refused-${locale}`)).toEqual([])
  await walker.context.close()
})

async function signIn({ page }: Walker, login: string, password = demoPassword(login)): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('[name=login]').fill(login)
  await page.locator('[name=password]').fill(password)
  await page.locator('main form button[type=submit]').click()
}

const looks = [
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const

/** Another language changes the lengths of texts, and no colour. */
const frenchLooks = looks.filter(({ width, colorScheme }) => (width === 360) === (colorScheme === 'light'))

/** What is wrong with the page as it is now, at both widths and in both themes. */
async function look({ page, complaints }: Walker, name: string): Promise<string[]> {
  const found = [
    ...strayValues((await page.content()).replaceAll('<code>true</code>', '')), // the value of a claim
    ...complaints.splice(0).filter((text) => !isStatus(text)),
  ]
  if ((await page.locator('h1').count()) !== 1) found.push('not one h1')
  const isFrench = (await page.locator('html').getAttribute('lang')) === 'fr'
  for (const { width, colorScheme } of isFrench ? frenchLooks : looks) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    const wrong = await axe(page)
    const needed = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (needed > width) wrong.push(`needs ${needed} pixels`)
    if (process.env['SCREENSHOTS']) await screenshot(page, `walk-${name}-${width}-${colorScheme}`)
    found.push(...wrong.map((fault) => `${width} ${colorScheme}: ${fault}`))
  }
  return found
}
