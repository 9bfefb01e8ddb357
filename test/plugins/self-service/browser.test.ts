import { createServer } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { startSite, type SelfServiceSite } from './self-service-site.ts'

let slapd: Slapd
let site: SelfServiceSite
let browser: Browser

const application = (id: string, name: string) => ({
  id,
  name,
  secret: `${id}-secret-1`,
  redirectUris: [`https://${id}.example/cb`],
  home: `https://${id}.example/`,
})

beforeAll(async () => {
  slapd = await startSlapd()
  site = await startSite(slapd, {
    whitePages: { access: 'public' },
    clients: [application('wiki', 'Wiki'), application('travel', 'Travel and expenses')],
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await site.stop()
  await slapd.stop()
})

type Look = { width?: number; scheme?: 'light' | 'dark'; locale?: string; script?: boolean }

/** A new window; what its console complains about, a breach of the policy say, is in `complaints`. */
async function openWindow({ width = 1280, scheme = 'light', locale = 'en-GB', script = true }: Look = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale,
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, context, complaints }
}

async function signIn(page: Page, login: string, path: string, password = `pw-${login}`): Promise<void> {
  await page.goto(`${site.issuer}/sign-in?to=${encodeURIComponent(path)}`)
  await page.locator('#field-login').fill(login)
  await page.locator('#field-password').fill(password)
  await page.locator('main button[type=submit]').click()
  await page.waitForURL(site.issuer + path)
}

const looks: Look[] = [
  { width: 360, scheme: 'light', locale: 'fr-FR' },
  { width: 360, scheme: 'dark', locale: 'en-GB' },
  { width: 1280, scheme: 'light', locale: 'en-GB' },
  { width: 1280, scheme: 'dark', locale: 'fr-FR' },
]

/** What is wrong with the page as it is now, for readers of every kind. */
async function faultsOf(page: Page): Promise<string[]> {
  const isTooWide = await page.locator('html').evaluate((root) => root.scrollWidth > root.clientWidth)
  return [...(await axe(page)), ...strayValues(await page.content()), ...(isTooWide ? ['too wide'] : [])]
}

describe.each(looks)('at $width pixels, $scheme, $locale', (look) => {
  const name = (path: string) =>
    `own-${path.replaceAll(/\W+/g, '-')}-${look.scheme}-${look.width}-${look.locale?.slice(0, 2)}`

  test('visitors find nothing in their way', async () => {
    const { page, complaints, context } = await openWindow(look)
    for (const path of ['/', '/recover', '/recover/asked', '/recover/done', '/recover/finish']) {
      await page.goto(site.issuer + path)
      expect(await faultsOf(page)).toEqual([])
      await screenshot(page, name(`visitor${path}`))
    }
    expect(complaints.filter((text) => !text.includes('410'))).toEqual([])
    await context.close()
  })

  test('the signed-in find nothing in their way', async () => {
    const { page, complaints, context } = await openWindow(look)
    await signIn(page, 'ada', '/')
    for (const path of ['/', '/account', '/account?done=password', '/password']) {
      await page.goto(site.issuer + path)
      expect(await faultsOf(page)).toEqual([])
      await screenshot(page, name(`ada${path}`))
    }
    await page.locator('#field-password').pressSequentially('ada benali')
    await page.locator('.rules .broken').first().waitFor()
    expect(await faultsOf(page)).toEqual([])
    await screenshot(page, name('ada-password-typed'))
    await page.locator('main form button[type=submit]').click()
    await page.locator('.summary').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await screenshot(page, name('ada-password-refused'))
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
    await context.close()
  })
})

describe('a new password', () => {
  test('is judged as it is typed, for the eye and for the ear, and can be shown', async () => {
    const { page, complaints, context } = await openWindow()
    await signIn(page, 'alice', '/password')
    const field = page.locator('#field-password')
    await field.pressSequentially('alice martin')
    await until(async () => (await page.locator('.rules .broken').count()) === 2, { within: 5_000 })
    const spoken = page.getByRole('status')
    expect(await spoken.textContent()).toContain('2 rules are not yet fulfilled.')
    await field.fill('seven blue horses run')
    await until(async () => (await page.locator('.rules .kept').count()) === 3, { within: 5_000 })
    expect(await spoken.textContent()).toContain('All rules are fulfilled.')
    await page.getByRole('button', { name: 'Show the password' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Hide the password' }).click()
    expect(await field.getAttribute('type')).toBe('password')
    await page.locator('#field-old').fill('pw-alice')
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL('**/account?done=password')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('is chosen without JavaScript as well', async () => {
    const { page, context } = await openWindow({ script: false })
    await signIn(page, 'u000010', '/password')
    await page.locator('#field-old').fill('pw-u000010')
    await page.locator('#field-password').fill('seven blue horses run')
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL('**/account?done=password')
    expect(await page.locator('main').textContent()).toContain('Your password is changed')
    await context.close()
  })
})

describe('a recovery link', () => {
  test.each([
    ['opened by itself', false, true],
    ['clicked in a web mail of another site', true, true],
    ['clicked there without JavaScript', true, false],
  ])('%s leads to a form whose address says nothing', async (_, fromElsewhere, script) => {
    const login = `u00001${[false, true].indexOf(fromElsewhere) * 2 + (script ? 2 : 3)}`
    const { page, context } = await openWindow({ script })
    await page.goto(`${site.issuer}/recover`)
    await page.locator('#field-identifier').fill(login)
    await page.locator('main button[type=submit]').click()
    await page.waitForURL('**/recover/asked')
    const link = await site.linkTo(await addressOf(login))
    if (fromElsewhere) {
      const webMail = await openWebMail(link)
      await page.goto(webMail.address)
      await page.getByRole('link', { name: 'link' }).click()
      await page.waitForURL('**/recover/finish')
      await page.locator('#field-password').waitFor()
      webMail.close()
    } else await page.goto(link)
    expect(page.url()).toBe(`${site.issuer}/recover/finish`)
    expect(strayValues(await page.content())).toEqual([])
    await page.locator('#field-password').fill('seven blue horses run')
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL('**/recover/done')
    await context.close()
  })
})

/** A page of another site (a browser takes 127.0.0.1 and localhost for two) with a link. */
async function openWebMail(link: string): Promise<{ address: string; close(): void }> {
  const port = await freePort()
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(`<a href="${link}">link</a>`),
  )
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

async function addressOf(login: string): Promise<string> {
  const { page, context } = await openWindow()
  await signIn(page, login, '/account')
  const mail = await page.getByText('@example.org').first().textContent()
  await context.close()
  return (mail ?? '').trim()
}
