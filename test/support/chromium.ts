import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findProgram } from './programs.ts'

/** Starts Debian's Chromium without a window; close it with `browser.close()`. It ends with the test process. */
export async function openBrowser(): Promise<Browser> {
  const { path, env } = findProgram('chromium')
  return await chromium.launch({
    executablePath: path,
    env: definedOnly(env),
    args: [
      '--no-sandbox', // root and most containers have no sandbox, and only our own pages are opened
      '--disable-gpu',
      // A page under test is on loopback; the rest would only knock at closed doors.
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** What axe-core finds against WCAG 2.2 level AA on the page as it is now, one line each: rule, target, why. */
export async function axe(page: Page): Promise<string[]> {
  const source = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
  const results = await page.evaluate<AxeResults>(
    // Evaluated by the debugger protocol, so that the page's strict CSP is in force and still no hindrance.
    `${source}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${help}`),
  )
}

/** Writes a picture of the whole page into the temporary folder (`SCREENSHOTS` to keep it elsewhere); returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(process.env['SCREENSHOTS'] ?? join(tmpdir(), 'screenshots'), `${name}.png`)
  await page.screenshot({ path, fullPage: true })
  return path
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
