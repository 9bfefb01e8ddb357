import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { application, openApplication } from './application.ts'
import { modify } from './directory-change.ts'
import { startReplicas, type Replicas } from './replicas.ts'

const sizes = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
]
let browser: Browser
let replicas: Replicas
/** The application's own site, on another origin. */
let site: Server
let home: string

beforeAll(async () => {
  site = createServer((_, response) => response.end('welcome back')).listen(0, '127.0.0.1')
  await once(site, 'listening')
  const address = site.address()
  home = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  const client = {
    ...application,
    name: 'Messagerie',
    consent: 'ask',
    redirectUris: [`${home}/callback`],
    postLogoutRedirectUris: [`${home}/bye`],
  }
  ;[browser, replicas] = await Promise.all([openBrowser(), startReplicas({ clients: [client] })])
})
afterAll(async () => {
  await browser.close()
  await replicas.stop()
  site.close()
})

/** Looks at the page at both widths and tells what is wrong with it. */
async function see(page: Page, name: string): Promise<string[]> {
  const faults: string[] = []
  for (const size of sizes) {
    await page.setViewportSize(size)
    faults.push(...(await axe(page)))
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (width > size.width) faults.push(`${width} pixels wide at ${size.width}`)
    await screenshot(page, `oidc-${name}-${size.width}`)
  }
  return [...faults, ...((await page.content()).match(/undefined|\[object|>\s*false\s*</g) ?? [])]
}

async function open(options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', ...options })
  return await context.newPage()
}

async function startUrl(): Promise<string> {
  const app = await openApplication(replicas.first)
  return (await app.start({}, `${home}/callback`)).url
}

const button = (page: Page, name: string) => page.getByRole('button', { name })

test.for([true, false])('the whole way in a browser, JavaScript %s', async (javaScriptEnabled) => {
  const page = await open({ javaScriptEnabled })
  const look = async (name: string) => (javaScriptEnabled ? await see(page, name) : [])
  const login = javaScriptEnabled ? 'alice' : 'elefevre'
  await page.goto(await startUrl())
  expect(await look('sign-in')).toEqual([])
  await page.getByLabel('Identifiant').fill(login)
  await page.getByLabel('Mot de passe').fill('wrong')
  await button(page, 'Se connecter').click()
  await page.getByText('incorrect').waitFor()
  expect(await look('sign-in-refused')).toEqual([])
  expect(await page.getByLabel('Identifiant').inputValue()).toBe(login)
  await page.getByLabel('Mot de passe').fill(`pw-${login}`)
  await button(page, 'Se connecter').click()

  await page.getByText('Messagerie demande un accès').waitFor()
  expect(await look('consent')).toEqual([])
  await button(page, 'Accepter').click()
  // Over three origins' worth of redirects: the policy of the form must allow the application's.
  await page.getByText('welcome back').waitFor()
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/)

  const { issuer } = replicas.first
  await page.goto(`${issuer}/oauth2/logout?client_id=app&post_logout_redirect_uri=${home}/bye`)
  expect(await look('sign-out')).toEqual([])
  await button(page, 'Oui, me déconnecter').click()
  await page.getByText('welcome back').waitFor()
  expect(page.url()).toBe(`${home}/bye`)
})

test('pages of the end of a sign-in, and of its faults', async () => {
  const page = await open()
  const { issuer } = replicas.first
  await page.goto(`${issuer}/oauth2/logout/success`)
  expect(await see(page, 'signed-out')).toEqual([])
  await page.goto(`${issuer}/sign-in/none`)
  expect(await see(page, 'expired')).toEqual([])
  await page.goto(`${issuer}/oauth2/authorize?client_id=unknown&response_type=code`)
  expect(await see(page, 'error')).toEqual([])
})

test('who must change their password is told what is wrong with the new one', async () => {
  await modify(replicas.slapd, 'hugo', 'replace: pwdReset\npwdReset: TRUE')
  const page = await open()
  await page.goto(await startUrl())
  await page.getByLabel('Identifiant').fill('hugo')
  await page.getByLabel('Mot de passe').fill('pw-hugo')
  await button(page, 'Se connecter').click()
  await page.getByText('Choisissez un nouveau mot de passe').first().waitFor()
  expect(await see(page, 'must-change')).toEqual([])
  await page.getByLabel('Mot de passe actuel').fill('pw-hugo')
  await page.getByLabel('Nouveau mot de passe').fill('court')
  await button(page, 'Changer et continuer').click()
  await page.getByRole('alert').waitFor()
  expect(await see(page, 'must-change-refused')).toEqual([])
})
