import type { Browser, Page } from 'playwright-core'
import type { SyncSite } from './sync-site.ts'

export type Look = { width?: number; scheme?: 'light' | 'dark'; locale?: string; script?: boolean }

export type Window = { page: Page; complaints: string[]; close: () => Promise<void> }

/** A window in which the person has signed in; what its console complains about (a breach of the policy, say) is in `complaints`. */
export async function openWindow(
  chromium: Browser,
  { service: { issuer } }: Pick<SyncSite, 'service'>,
  login: string,
  path: string,
  { width = 1280, scheme = 'light', locale = 'fr-FR', script = true }: Look = {},
): Promise<Window> {
  const context = await chromium.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale,
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${issuer}/sign-in?to=${encodeURIComponent(path)}`)
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', `pw-${login}`)
  await page.click('main button[type=submit]')
  return { page, complaints, close: () => context.close() }
}
