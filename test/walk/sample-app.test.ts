import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../support/chromium.ts'
import { startDemo, type Demo } from '../support/demo.ts'
import { demoPassword, enter, giveCredentials, type Walker } from './walker.ts'

let demo: Demo
let browser: Browser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

/** Signs in to the sample application, from its own page. */
async function signInToApplication({ page }: Walker, login: string): Promise<void> {
  await page.goto('/demo/app')
  await page.getByRole('link', { name: 'Sign in with ACME' }).click()
  await giveCredentials(page, login, demoPassword(login))
  await page.getByRole('button', { name: 'Allow' }).click()
}

test('an application signs a person in, learns who they are and renews its tokens', async () => {
  const walker = await enter(browser, demo.issuer)
  const { page, context, complaints } = walker
  await signInToApplication(walker, 'alice')
  expect(new URL(page.url()).pathname).toBe('/demo/app')
  expect(await page.locator('h1').textContent()).toBe('Hello Alice MARTIN')
  const shown = await page.locator('main').textContent()
  for (const claim of ['alice.martin@acme.example', 'preferred_username', 'finances', 'RS256', 'nonce']) {
    expect(shown).toContain(claim)
  }
  await page.getByRole('button', { name: 'Renew the tokens' }).click()
  expect(await page.locator('.lead').textContent()).toBe('The tokens were renewed once.')
  expect(complaints).toEqual([])
  await context.close()
})

test('signing out of the application can sign out everywhere', async () => {
  const walker = await enter(browser, demo.issuer)
  const { page, context } = walker
  await signInToApplication(walker, 'hugo')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Yes, sign me out' }).click()
  expect(new URL(page.url()).pathname).toBe('/demo/app')
  expect(await page.getByRole('link', { name: 'Sign in with ACME' }).count()).toBe(1)
  await page.goto('/sign-in')
  expect(await page.getByLabel('Password').count()).toBe(1)
  await context.close()
})

test('signing out of the service signs out of the application', async () => {
  const walker = await enter(browser, demo.issuer)
  const { page, context } = walker
  await signInToApplication(walker, 'ada')
  await page.goto('/demo/inbox')
  await page.locator('.user-menu summary').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto('/demo/app')
  expect(await page.locator('main').textContent()).toContain('Your sign-in was ended.')
  await context.close()
})

test('a person who refuses access is not signed in', async () => {
  const { page, context } = await enter(browser, demo.issuer)
  await page.goto('/demo/app/sign-in')
  await giveCredentials(page, 'zoeuvrard', demoPassword('zoeuvrard'))
  await page.getByRole('button', { name: 'Refuse' }).click()
  expect(await page.locator('main').textContent()).toContain('You refused access')
  await context.close()
})

test('an answer is taken once, and only in the browser that asked', async () => {
  const walker = await enter(browser, demo.issuer)
  const other = await enter(browser, demo.issuer)
  const answers: string[] = []
  walker.page.on('request', (request) => {
    if (request.url().includes('/demo/app/signed-in')) answers.push(request.url())
  })
  await signInToApplication(walker, 'elefevre')
  expect(answers).toHaveLength(1)
  for (const { page } of [walker, other]) {
    const answer = await page.goto(answers[0] ?? '')
    expect(answer?.status()).toBe(400)
    expect(await page.locator('main').textContent()).toContain('expired or was finished already')
  }
  await walker.context.close()
  await other.context.close()
})
