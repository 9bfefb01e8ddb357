import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { openSite, type Site } from './white-pages-site.ts'

let slapd: Slapd
let site: Site
let browser: Browser
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  ;[slapd, browser] = await Promise.all([startSlapd({ seed: { people: 120, photos: 0.4 } }), openBrowser()])
  site = await openSite(slapd, { issuer: origin, displayName: 'Acme Industries' })
  await site.app.listen({ port, host: '127.0.0.1' })
})
afterAll(async () => {
  await browser.close()
  await site.close()
  await slapd.stop()
})

const pages = {
  people: '/people?q=el',
  'people-none': '/people?q=zzzz',
  card: '/people/elefevre',
  groups: '/groups',
  group: '/groups/support',
  'group-members': '/groups/g0004',
}

describe.each([
  { width: 360, colorScheme: 'light', locale: 'fr-FR' },
  { width: 360, colorScheme: 'dark', locale: 'en-GB' },
  { width: 1280, colorScheme: 'light', locale: 'en-GB' },
  { width: 1280, colorScheme: 'dark', locale: 'fr-FR' },
] as const)('at $width pixels, $colorScheme, in $locale', ({ width, colorScheme, locale }) => {
  test('every page is accessible, fits its window and holds no stray value', async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale })
    const page = await context.newPage()
    for (const [name, url] of Object.entries(pages)) {
      await page.goto(origin + url)
      await screenshot(page, `white-pages-${name}-${width}-${colorScheme}`)
      expect([name, await axe(page)]).toEqual([name, []])
      expect([name, strayValues(await page.content())]).toEqual([name, []])
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect([name, Math.max(0, overflow)]).toEqual([name, 0])
    }
    await context.close()
  })
})

describe('a search', () => {
  test('follows what is typed, in an address that can be kept', async () => {
    const page = await browser.newPage({ locale: 'en-GB' })
    await page.goto(`${origin}/people`)
    await page.getByRole('searchbox').pressSequentially('élod lefev')
    await page.waitForURL((url) => url.searchParams.get('q') === 'élod lefev')
    await page.getByRole('link', { name: 'Élodie LEFÈVRE' }).first().waitFor()
    // Read out is how many there are, not each of them.
    await page
      .getByRole('status')
      .filter({ hasText: /^1 person$/ })
      .waitFor({ state: 'attached' })
    expect(await page.locator('#hits #count').count()).toBe(0)
    await page.getByLabel('Sort by').selectOption('name')
    await page.waitForURL(
      (url) => url.searchParams.get('sort') === 'name' && url.searchParams.get('q') !== null,
    )
    await page.reload()
    expect(await page.getByRole('searchbox').inputValue()).toBe('élod lefev')
    expect(await page.getByRole('link', { name: 'Élodie LEFÈVRE' }).count()).toBeGreaterThan(0)
    await page.close()
  })

  test('works without JavaScript, to the vCard', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${origin}/people`)
    await page.getByRole('searchbox').fill('oeuvrard')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'Zoé ŒUVRARD' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /vCard/ }).click(),
    ])
    expect(download.suggestedFilename()).toBe('Zoé ŒUVRARD.vcf')
    expect(await readFile(await download.path(), 'utf8')).toContain('FN:Zoé ŒUVRARD')
    await context.close()
  })

  test('shows photos and the QR code, which load', async () => {
    const page = await browser.newPage()
    await page.goto(`${origin}/people?q=Lyon`)
    const loaded = `[...document.images].filter((image) => image.complete && image.naturalWidth > 0).length`
    // Not waitForFunction, which evaluates text in the page: its policy forbids that.
    await until(() => page.evaluate<number>(loaded), { within: 10_000, every: 50 })
    await page.goto(`${origin}/people/ada`)
    const code = `document.querySelector('img.qr').naturalWidth`
    expect(await until(() => page.evaluate<number>(code), { within: 10_000, every: 50 })).toBeGreaterThan(0)
    await page.close()
  })
})
