import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workOnSync } from '../../../sync/run/work-on-sync.ts'
import { openBrowser, screenshot } from '../../support/chromium.ts'
import { asRoot, ldapmodify, ldapsearch } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { startSyncSite, type SyncSite } from './sync-site.ts'
import { openWindow } from './sync-window.ts'

let slapd: Slapd
let site: SyncSite
let chromium: Browser
let page: Page
let stopWork: () => Promise<void>

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  await ldapmodify(
    asRoot(slapd),
    `dn: ou=copies,${slapd.suffix}\nchangetype: add\nobjectClass: organizationalUnit\nou: copies\n`,
  )
  site = await startSyncSite(slapd, syncOf(slapd))
  const { audit, database, sealer, jobs, tenant } = site.service
  const log = { info() {}, warn() {}, error() {} }
  stopWork = await workOnSync({ services: { audit, database, sealer }, jobs, tenants: [tenant], log })
  chromium = await openBrowser()
  ;({ page } = await openWindow(chromium, site, 'ada', '/sync', { locale: 'en-GB' }))
})
afterAll(async () => {
  await chromium.close()
  await stopWork()
  await site.stop()
  await slapd.stop()
})

/** Copies of the people, in a branch of their own; a secret among what is written. */
function syncOf({ url, suffix, rootDn, rootPassword }: Slapd) {
  return {
    connections: [
      { kind: 'ldap' as const, name: 'copies', urls: [url], bind: { dn: rootDn, password: rootPassword } },
    ],
    tasks: [
      {
        name: 'people',
        source: { directory: 'main', base: `ou=people,${suffix}`, filter: '(uid=*)' },
        destination: { connection: 'copies', base: `ou=copies,${suffix}`, filter: '(uid=*)' },
        pivots: ['uid'],
        entryName: `dn\`uid=\${source.uid},ou=copies,${suffix}\``,
        attributes: {
          objectClass: { create: "'inetOrgPerson'", policy: 'keep' as const },
          uid: {},
          cn: {},
          sn: {},
          mail: {},
          userPassword: {
            create: "'first-password-of-' + source.uid",
            policy: 'keep' as const,
            from: 'noSuchThing',
          },
        },
        clean: { action: 'delete' as const },
      },
    ],
  }
}

const copies = async (filter: string): Promise<number> =>
  [...(await ldapsearch(asRoot(slapd), `ou=copies,${slapd.suffix}`, filter, '1.1')).matchAll(/^dn:/gm)].length

const stateIs = async (text: string): Promise<void> =>
  await page
    .locator('[role=status]', { hasText: `State: ${text}` })
    .waitFor({ state: 'attached', timeout: 20_000 })

const mainText = async (): Promise<string> => page.locator('main').innerText()

describe('pages and engine together', () => {
  test('a preview is looked at and approved, secrets are never shown', { timeout: 60_000 }, async () => {
    await page.click('button:has-text("Preview")')
    await stateIs('Preview')
    expect(await copies('(uid=*)')).toBe(0)
    await screenshot(page, 'sync-engine-preview')
    await page.click('a:has-text("Show the")')
    await page.waitForSelector('.change')
    await screenshot(page, 'sync-engine-changes')
    const shown = await page.content()
    expect(shown).not.toContain('first-password-of-')
    expect(strayValues(shown)).toEqual([])
    await page.goBack()
    await page.click('a:has-text("Approve…")')
    await page.fill('[name=reason]', 'first load')
    await page.click('button:has-text("Apply")')
    await stateIs('Done')
    expect(await copies('(uid=*)')).toBeGreaterThan(50)
  })

  test('one entry is explained, and written when that is asked for', { timeout: 60_000 }, async () => {
    await modify('uid=alice,ou=copies', 'replace: mail\nmail: other@example.org')
    await page.goto(`${site.service.issuer}/sync/tasks/people/entry`)
    await page.fill('[name=attribute]', 'uid')
    await page.fill('[name=value]', 'alice')
    await page.check('[name=write]')
    await page.click('button:has-text("Examine")')
    await page.waitForURL(/runs\/[^/]+$/)
    await stateIs('Done')
    await screenshot(page, 'sync-engine-entry')
    expect(await mainText()).toMatch(
      /Matched by the pivot uid: in the destination it is uid=alice,ou=copies[^]*mail[^]*other@example.org[^]*From the source/,
    )
    expect(await copies('(mail=other@example.org)')).toBe(0)
  })

  test('an undo leaves alone what somebody has changed since, and says so', { timeout: 60_000 }, async () => {
    await modify('uid=elefevre,ou=people', 'replace: sn\nsn: Martin')
    await modify('uid=alice,ou=people', 'replace: sn\nsn: Durand')
    await page.goto(`${site.service.issuer}/sync/tasks/people/run`)
    await page.click('button:has-text("Run the task")')
    await page.waitForURL(/runs\/[^/]+$/)
    await stateIs('Done')
    await modify('uid=alice,ou=copies', 'replace: sn\nsn: Petit')
    await page.click('a:has-text("Undo…")')
    expect(await mainText()).toContain('A new run takes back 2 changes.')
    await page.click('button:has-text("Undo the run")')
    await page.waitForURL(/runs\/[^/]+$/)
    await stateIs('Done with errors')
    await screenshot(page, 'sync-engine-undone')
    expect(await mainText()).toContain('1 change was not undone: somebody has changed the entry since.')
    expect(await copies('(&(uid=alice)(sn=Petit))')).toBe(1)
    expect(await copies('(&(uid=elefevre)(sn=Martin))')).toBe(0)
  })
})

async function modify(entry: string, lines: string): Promise<void> {
  await ldapmodify(asRoot(slapd), `dn: ${entry},${slapd.suffix}\nchangetype: modify\n${lines}\n`)
}
