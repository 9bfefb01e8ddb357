import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { exampleCustomer, otherCustomer } from './branded-tenants.ts'
import { strayValues } from './stray-values.ts'
import { formGuide, styleGuide } from './web/style-guide.ts'
import { openTestFrame, type TestFrame } from './web-frame.ts'

let browser: Browser
let frame: TestFrame['app']
let issuers: Readonly<Record<string, string>>

beforeAll(async () => {
  const port = await freePort()
  issuers = { acme: `http://localhost:${port}`, globex: `http://127.0.0.1:${port}` }
  const tenants = await Promise.all([
    exampleCustomer(`http://localhost:${port}`),
    otherCustomer(`http://127.0.0.1:${port}`),
  ])
  ;({ app: frame } = await openTestFrame(tenants, (app) => {
    app.get('/guide', (request, reply) => reply.page(styleGuide(request, reply)))
    app.get('/form', (request, reply) => reply.page(formGuide(request, reply)))
  }))
  await frame.listen({ port, host: '127.0.0.1' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await frame.close()
})

/** Whether the logo was loaded and drawn, its height, and the colour of the first link of the page. */
const look = `(() => {
  const logo = document.querySelector('.brand-logo')
  const fits = document.documentElement.scrollWidth <= innerWidth
  return { isDrawn: logo.complete && logo.naturalWidth > 0, height: logo.getBoundingClientRect().height, fits }
})()`

test.each(
  ['acme', 'globex'].flatMap((tenant) =>
    ['light', 'dark'].flatMap((scheme) => [360, 1280].map((width) => [tenant, scheme, width] as const)),
  ),
)(
  'pages of %s in a %s scheme at %i pixels are accessible and show its logo',
  async (tenant, scheme, width) => {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme === 'dark' ? 'dark' : 'light',
      locale: 'fr-FR',
    })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    const found: string[] = []
    for (const path of ['/guide', '/form', '/legal', ...(tenant === 'acme' ? ['/accessibility'] : [])]) {
      await page.goto(issuers[tenant] + path)
      const faults = [...(await axe(page)), ...strayValues(await page.content())]
      found.push(...faults.map((fault) => `${path}: ${fault}`))
      const { isDrawn, height, fits } = await page.evaluate<{
        isDrawn: boolean
        height: number
        fits: boolean
      }>(look)
      expect.soft([isDrawn, fits], path).toEqual([true, true])
      expect.soft(height, path).toBeLessThanOrEqual(40)
      await screenshot(page, `branding-${tenant}${path.replace('/', '-')}-${scheme}-${width}`)
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  },
)
