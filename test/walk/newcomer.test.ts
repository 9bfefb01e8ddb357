import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../support/chromium.ts'
import { startDemo, type Demo } from '../support/demo.ts'
import { demoPassword, enter, giveCredentials } from './walker.ts'

let demo: Demo
let browser: Browser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

const path = (page: Page) => new URL(page.url()).pathname

test('searches “Élo” as one types, opens a card and takes it along as a vCard', async () => {
  const { page, context, complaints } = await enter(browser, demo.issuer)
  await page.goto('/people')
  await page.getByLabel('Name, job or phone').pressSequentially('Élo')
  await page.getByRole('link', { name: 'Élodie LEFÈVRE' }).click()
  expect(path(page)).toBe('/people/elefevre')
  expect(await page.locator('h1').textContent()).toContain('Élodie LEFÈVRE')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'vCard' }).click()
  const vcard = await readFile(await (await download).path(), 'utf8')
  expect(vcard).toMatch(/^BEGIN:VCARD\r\nVERSION:4\.0\r\n/)
  expect(vcard).toContain('FN:Élodie LEFÈVRE')
  expect(complaints).toEqual([])
  await context.close()
})

test('an agent resets a password, and its owner has to change it', async () => {
  const agent = await enter(browser, demo.issuer)
  await agent.page.goto('/desk')
  await giveCredentials(agent.page, 'hugo', demoPassword('hugo'))
  expect(path(agent.page)).toBe('/desk')
  await agent.page.getByLabel('Name, login or mail').fill('alice')
  await agent.page.getByRole('button', { name: 'Search' }).click()
  await agent.page.getByRole('link', { name: 'Alice MARTIN' }).click()
  await agent.page.getByRole('link', { name: 'Reset the password' }).click()
  await agent.page.getByRole('button', { name: 'Reset the password' }).click()
  const generated = await agent.page.getByLabel('New password of Alice MARTIN').inputValue()
  expect(agent.complaints).toEqual([])
  await agent.context.close()

  const own = 'the walls of my flat are green'
  const owner = await enter(browser, demo.issuer)
  await owner.page.goto('/account')
  await giveCredentials(owner.page, 'alice', generated)
  expect(await owner.page.locator('h1').textContent()).toBe('Choose a new password')
  await owner.page.getByLabel('Present password').fill(generated)
  await owner.page.getByLabel('New password').fill(own)
  await owner.page.getByRole('button', { name: 'Change and go on' }).click()
  expect(path(owner.page)).toBe('/account')
  expect(await owner.page.locator('main').textContent()).toContain('alice.martin@acme.example')
  expect(owner.complaints).toEqual([])
  await owner.context.close()

  const again = await enter(browser, demo.issuer)
  await again.page.goto('/sign-in')
  await giveCredentials(again.page, 'alice', own)
  expect(await again.page.locator('h1').textContent()).toContain('Alice MARTIN')
  await again.context.close()
})

test('who forgot the password chooses another by mail', async () => {
  const { page, context, complaints } = await enter(browser, demo.issuer)
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'I forgot my password' }).click()
  await page.getByLabel('Login or mail address').fill('zoeuvrard')
  await page.getByRole('button', { name: 'Send me the link' }).click()
  await page.goto('/demo/inbox')
  await page.getByRole('link', { name: 'Choose a new password' }).first().click()
  await page.getByRole('link', { name: 'http://localhost' }).click()
  expect(await page.locator('main').textContent()).toContain('For the account zoeuvrard.')
  const own = 'seven herons on the long canal'
  // Judged as it is typed: a question that came after the password was saved would be refused.
  const judged = page.waitForResponse((response) => response.url().endsWith('/check'))
  await page.getByLabel('New password').fill(own)
  await judged
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await giveCredentials(page, 'zoeuvrard', own)
  expect(await page.locator('h1').textContent()).toContain('Zoé ŒUVRARD')
  expect(complaints).toEqual([])
  await context.close()
})

test('without JavaScript all of it works as well', async () => {
  const { page, context } = await enter(browser, demo.issuer, { script: false })
  await page.goto('/people')
  await page.getByLabel('Name, job or phone').fill('lefevre elodie')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('link', { name: 'Élodie LEFÈVRE' }).click()
  expect(path(page)).toBe('/people/elefevre')

  await page.goto('/desk')
  await giveCredentials(page, 'hugo', demoPassword('hugo'))
  await page.getByLabel('Name, login or mail').fill('tlnguyen')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('link', { name: 'NGUYỄN' }).click()
  await page.getByRole('link', { name: 'Lock', exact: true }).click()
  await page.getByLabel('Reason').fill('lost telephone')
  await page.getByRole('button', { name: 'Lock', exact: true }).click()
  expect(await page.locator('main').textContent()).toContain('The account is locked')

  await page.goto('/password')
  const own = 'nobody counts the tiles up there'
  await page.getByLabel('Present password').fill(demoPassword('hugo'))
  await page.getByLabel('New password').fill(own)
  await page.getByRole('button', { name: 'Change the password' }).click()
  expect(path(page)).toBe('/account')
  await page.locator('.user-menu summary').click()
  await page.getByRole('button', { name: 'Sign out' }).click()

  await page.goto('/demo/app')
  await page.getByRole('link', { name: 'Sign in with ACME' }).click()
  await giveCredentials(page, 'hugo', own)
  await page.getByRole('button', { name: 'Allow' }).click()
  expect(await page.locator('h1').textContent()).toBe('Hello Hugo GRÜNWALD')
  await context.close()
})

test('one signs in by keyboard alone', async () => {
  const { page, context } = await enter(browser, demo.issuer)
  await page.goto('/people')
  const press = async (key: string, times: number) => {
    for (let n = 0; n < times; n++) await page.keyboard.press(key)
  }
  await tabTo(page, 'Sign in')
  await press('Enter', 1)
  await page.getByLabel('Password').waitFor()
  await tabTo(page, 'Login')
  await page.keyboard.type('ada')
  await press('Tab', 1)
  await page.keyboard.type(demoPassword('ada'))
  await press('Enter', 1)
  await page.getByText('Ada BENALI').first().waitFor()
  expect(path(page)).toBe('/people')
  await context.close()
})

/** Presses Tab until what has the focus is called so; throws after fifty stops. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = 'document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.textContent'
  for (let n = 0; n < 50; n++) {
    if ((await page.evaluate<string | undefined>(focused))?.trim() === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no stop is called ${name}`)
}
