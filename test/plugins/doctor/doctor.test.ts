import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createExaminations } from '../../../plugins/doctor/examinations.ts'
import { groupDn } from '../../accounts/use-desk.ts'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import type { Browser } from '../oidc/browser.ts'
import { signedIn, startDeskService, type DeskService } from '../service-desk/desk-service.ts'
import { strayValues } from '../stray-values.ts'

let slapd: Slapd
let service: DeskService
let chromium: Chromium
let ada: Browser
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 20 }, globalLines: 'allow bind_anon_dn' })
  const role = (name: string, group: string, permissions: ('account.read' | 'directory.check')[]) => ({
    name,
    groups: [groupDn(group)],
    permissions,
    rank: 10,
  })
  service = await startDeskService(slapd, {
    changes: {
      roles: [
        role('administrator', 'administrators', ['account.read', 'directory.check']),
        role('agent', 'service-desk', ['account.read']),
      ],
    },
  })
  chromium = await openBrowser()
  ada = await signedIn(service, 'ada')
})
afterAll(async () => {
  await chromium.close()
  await service.stop()
  await slapd.stop()
})

test('an administrator sees what is wrong, why, and what mends it', async () => {
  const page = await ada.open(`${service.issuer}/checkup`)
  expect(page.status).toBe(200)
  expect(page.text).toContain('The server accepts a sign-in without a password')
  expect(page.text).toContain('other programs that look only for success let anybody in')
  expect(page.text).toContain('delete: olcAllows\nolcAllows: bind_anon_dn\n')
  expect((await ada.open(`${service.issuer}/`)).text).toContain('href="/checkup"')
})

test('an agent may not, and is not led there; a visitor signs in first', async () => {
  const hugo = await signedIn(service, 'hugo')
  expect((await hugo.open(`${service.issuer}/checkup`)).status).toBe(403)
  expect((await hugo.open(`${service.issuer}/`)).text).not.toContain('href="/checkup"')
  const visitor = await fetch(`${service.issuer}/checkup`, {
    headers: { accept: 'text/html' },
    redirect: 'manual',
  })
  expect(visitor.headers.get('location')).toBe('/sign-in?to=%2Fcheckup')
})

test('the directories are examined once a minute, however many ask', async () => {
  let now = new Date()
  const examine = createExaminations(() => now)
  const [one, other] = await Promise.all([examine(service.tenant), examine(service.tenant)])
  expect(one.findings.map(({ code }) => code)).toContain('unauthenticated-binds')
  now = new Date(now.getTime() + 59_000)
  expect([other, await examine(service.tenant)]).toEqual([one, one])
  expect(await examine(service.tenant)).toBe(one)
  now = new Date(now.getTime() + 2_000)
  expect(await examine(service.tenant)).not.toBe(one)
})

test.each([
  [360, 'light'],
  [1280, 'dark'],
] as const)('the page is accessible and fits at %i pixels, %s, in French', async (width, scheme) => {
  const context = await chromium.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    locale: 'fr-FR',
  })
  const page = await context.newPage()
  await page.goto(`${service.issuer}/sign-in?to=/checkup`)
  await page.fill('[name=login]', 'ada')
  await page.fill('[name=password]', 'pw-ada')
  await page.click('main button[type=submit]')
  await page.waitForSelector('pre.fix')
  await screenshot(page, `checkup-${width}-${scheme}`)
  expect.soft(await axe(page)).toEqual([])
  expect.soft(strayValues(await page.content())).toEqual([])
  expect.soft(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  await context.close()
})
