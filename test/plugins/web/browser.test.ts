import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openapi, problems, scopes } from '../../../plugins/openapi.ts'
import { html } from '../../../plugins/web/html.ts'
import { searchForm } from '../../../plugins/web/form.ts'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/poll.ts'
import { strayValues } from '../stray-values.ts'
import { makeTenant, openTestFrame, type TestFrame } from '../web-frame.ts'
import { z } from 'zod'
import { confirmationGuide, formGuide, styleGuide } from './style-guide.ts'

let browser: Browser
let frame: TestFrame['app']
let origin: string

const visitor = { displayName: null, sections: ['people', 'groups'] as const }

beforeAll(async () => {
  const port = await freePort()
  origin = `http://localhost:${port}`
  ;({ app: frame } = await openTestFrame(
    [makeTenant({ issuer: origin })],
    (app) => {
      app.get('/guide', (request, reply) => reply.page(styleGuide(request, reply)))
      app.get('/form', (request, reply) => reply.page(formGuide(request, reply)))
      app.get('/confirm', (request, reply) => reply.page(confirmationGuide(request, reply)))
      app.post('/form', async () => ({ saved: true }))
      app.get(
        '/search',
        { schema: { querystring: z.object({ q: z.string().default('') }) } },
        async (request, reply) => {
          const { q } = request.query
          if (q === 'down') throw new Error('down')
          const hits = html`<p>hits for ${q}</p>`
          if (request.wantsFragment) return reply.fragment(hits)
          const attributes = html`hx-get="/search" hx-trigger="input changed delay:50ms" hx-target="#hits"
          hx-sync="this:replace"`
          const main = html`<h1>Search</h1>
            ${searchForm({ action: '/search', button: 'Search', field: { name: 'q', label: 'Name', value: q, attributes } })}
            <div id="hits" aria-live="polite">${hits}</div>`
          return reply.page({
            title: 'Search',
            main,
            viewer: { ...visitor, sections: [...visitor.sections] },
          })
        },
      )
      const schema = {
        tags: ['People'],
        summary: 'Search people',
        security: scopes('people.read'),
        querystring: z.object({ q: z.string() }),
        response: { 200: z.object({ items: z.array(z.string()) }), ...problems },
      }
      app.get('/api/v1/people', { schema }, async () => ({ items: [] }))
    },
    { demo: true },
    async (app) =>
      await app.register(openapi, { viewer: async () => ({ ...visitor, sections: [...visitor.sections] }) }),
  ))
  await frame.listen({ port, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await frame.close()
})

/** Opens an address; what the console complains about (a breach of the policy, say) is in `complaints`. */
async function open(
  path: string,
  options: { width?: number; scheme?: 'light' | 'dark'; script?: boolean } = {},
) {
  const { width = 1280, scheme = 'light', script = true } = options
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale: 'fr-FR',
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(origin + path)
  return { page, complaints, context }
}

describe.each(['light', 'dark'] as const)('in a %s theme', (scheme) => {
  let opened: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    opened = await open('/guide', { scheme })
  })
  afterAll(async () => await opened.context.close())

  test.each([
    ['/guide', 360],
    ['/guide', 1280],
    ['/form', 320],
    ['/form', 1280],
    ['/nothing', 360],
    ['/confirm', 360],
    ['/api/docs', 360],
    ['/api/docs', 1280],
  ] as const)('%s at %i pixels is accessible, fits, and holds no stray value', async (path, width) => {
    const { page } = opened
    await page.setViewportSize({ width, height: 800 })
    await page.goto(origin + path)
    await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')))
    expect(await axe(page)).toEqual([])
    expect(await measure(page, 'width()')).toBe(width)
    expect(strayValues(await page.content())).toEqual([])
    await screenshot(page, `web${path.replaceAll('/', '-')}-${scheme}-${width}`)
  })

  test.each([
    ['/form', '#field-login'],
    ['/form', '#field-site'],
    ['/form', '#field-notify'],
    ['/guide', '.button.quiet'],
  ])('borders stand out from what is around them by 3:1: %s %s', async (path, selector) => {
    const { page } = opened
    await page.goto(origin + path)
    expect(await measure(page, `borderContrast('${selector}')`)).toBeGreaterThanOrEqual(3)
  })
})

const measures = await readFile(new URL('measures.js', import.meta.url), 'utf8')

/** Asks one of `measures.js`. By the debugger protocol, which the page's policy does not govern. */
async function measure<T>(page: Page, call: string): Promise<T> {
  return await page.evaluate<T>(`${measures}; measures.${call}`)
}

describe('by keyboard', () => {
  test('the first stop leads to the content, and every stop is seen', async () => {
    const { page, context } = await open('/guide')
    await page.keyboard.press('Tab')
    expect(await measure(page, "focused('href')")).toBe('#main')
    expect(await measure(page, 'unseenStops()')).toEqual([])
    await context.close()
  })

  test('the summary of a refused form has the focus, and leads to the field', async () => {
    const { page, context } = await open('/form')
    expect(await measure(page, "focused('role')")).toBe('alert')
    await page.locator('.summary a').first().click()
    expect(await measure(page, "focused('id')")).toBe('field-password')
    await context.close()
  })

  test('nothing to press is smaller than 24 pixels', async () => {
    const { page, context } = await open('/guide', { width: 360 })
    expect(await measure(page, 'smallTargets()')).toEqual([])
    await context.close()
  })

  test('nothing moves', async () => {
    const { page, context } = await open('/guide')
    expect(await measure(page, 'moving()')).toEqual([])
    await context.close()
  })
})

describe('htmx under our policy', () => {
  test('searches as one types, and nothing is refused by the policy', async () => {
    const { page, complaints, context } = await open('/search')
    await page.getByLabel('Name').pressSequentially('élo')
    await until(async () => (await page.locator('#hits').textContent())?.includes('hits for élo'), {
      within: 5_000,
    })
    expect(complaints).toEqual([])
    await context.close()
  })

  test('shows what went wrong in the place of the hits', async () => {
    const { page, context } = await open('/search')
    await page.getByLabel('Name').fill('down')
    const shown = await until(async () => await page.locator('#hits .notice.danger').textContent(), {
      within: 5_000,
    })
    expect(shown).toContain('de notre côté')
    await context.close()
  })
})

describe('without JavaScript', () => {
  test('one searches, changes the language and comes back to where one was', async () => {
    const { page, context } = await open('/search', { script: false })
    await page.getByLabel('Name').fill('zoé')
    await page.getByRole('button', { name: 'Search' }).click()
    expect(await page.locator('#hits').textContent()).toContain('hits for zoé')
    await page.getByRole('link', { name: 'English' }).click()
    expect([new URL(page.url()).search, await page.locator('html').getAttribute('lang')]).toEqual([
      '?q=zo%C3%A9',
      'en',
    ])
    await context.close()
  })

  test('a form of ours is sent, with what a browser says of where it comes from', async () => {
    const { page, context } = await open('/form', { script: false })
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    const response = await answer
    expect([response.status(), (await response.request().allHeaders())['origin']]).toEqual([200, 'null'])
    await context.close()
  })
})
