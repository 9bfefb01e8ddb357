import type { Browser, BrowserContext, Page } from 'playwright-core'

export type WalkOptions = {
  locale?: 'en' | 'fr'
  width?: number
  scheme?: 'light' | 'dark'
  script?: boolean
}
export type Walker = { page: Page; context: BrowserContext; complaints: string[] }

/** Somebody with a fresh browser. What its console complains about (a breach of the policy, say) is in `complaints`. */
export async function enter(browser: Browser, origin: string, options: WalkOptions = {}): Promise<Walker> {
  const { locale = 'en', width = 1280, scheme = 'light', script = true } = options
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale: locale === 'fr' ? 'fr-FR' : 'en-GB',
    javaScriptEnabled: script,
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`${message.text()} (${message.location().url})`))
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, context, complaints }
}

/** Fills in the sign-in form that is shown. */
export async function giveCredentials(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Login').fill(login)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export function demoPassword(login: string): string {
  return `demo-password-${login}`
}
