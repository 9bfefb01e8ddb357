import type { Browser as Chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { groupDn } from '../../accounts/use-desk.ts'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from '../service-desk/desk-service.ts'
import { strayValues } from '../stray-values.ts'
import type { Browser } from '../oidc/browser.ts'

const people = 'ou=people,dc=example,dc=org'
const partySchema = z.object({ kind: z.string(), login: z.string().nullish(), id: z.string().nullish() })
const eventSchema = z.object({
  id: z.string(),
  time: z.string(),
  action: z.string(),
  result: z.string(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  actor: partySchema,
  target: partySchema.nullable(),
})
const pageSchema = z.object({ items: z.array(eventSchema), next: z.string().nullable() })

let slapd: Slapd
let service: DeskService
let token: string
let chromium: Chromium
let ada: Browser
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  await ldapmodify(
    asRoot(slapd),
    `dn: ${groupDn('local')}\nchangetype: add\nobjectClass: groupOfNames\ncn: local\nmember: uid=tlnguyen,${people}\n`,
  )
  service = await startDeskService(slapd, {
    changes: {
      roles: [
        {
          name: 'everything',
          groups: [groupDn('administrators')],
          clients: ['cli'],
          permissions: ['account.read', 'account.lock', 'account.unlock', 'audit.read'],
          rank: 50,
        },
        {
          name: 'local',
          groups: [groupDn('local')],
          permissions: ['audit.read'],
          rank: 5,
          reach: [{ base: people, filter: '(uid=u00001*)' }],
        },
      ],
    },
  })
  token = await tokenOf(service)
  chromium = await openBrowser()
  ada = await signedIn(service, 'ada')
  for (const login of ['u000010', 'u000011']) {
    await call(service, `/accounts/${login}/lock`, { token, body: { reason: `because of ${login}` } })
  }
  await call(service, '/accounts/u000010/unlock', { token, body: {} })
})
afterAll(async () => {
  await chromium.close()
  await service.stop()
  await slapd.stop()
})

async function read(query: Record<string, string> = {}) {
  const { body } = await call(service, `/audit?${new URLSearchParams(query).toString()}`, { token })
  return pageSchema.parse(body)
}

describe('the API', () => {
  test('tells who did what on whom, newest first, and why', async () => {
    const { items } = await read({ person: 'u000010' })
    expect(items).toMatchObject([
      {
        action: 'account.unlock',
        result: 'done',
        actor: { kind: 'client', id: 'cli' },
        target: { login: 'u000010' },
      },
      { action: 'account.unlock', result: 'attempted' },
      { action: 'account.lock', result: 'done', reason: 'because of u000010' },
      { action: 'account.lock', result: 'attempted' },
    ])
  })

  test('filters by action and by time, over pages', async () => {
    const all = await read({ action: 'account.lock' })
    expect(all.items.map(({ target }) => target?.login)).toEqual(['u000011', 'u000011', 'u000010', 'u000010'])
    const first = await read({ action: 'account.lock', limit: '3' })
    const second = await read({ action: 'account.lock', limit: '3', cursor: first.next ?? '' })
    expect([...first.items, ...second.items]).toEqual(all.items)
    expect(second.next).toBeNull()
    const [newest] = all.items
    expect((await read({ action: 'account.lock', from: newest?.time ?? '' })).items).toHaveLength(1)
    expect((await read({ action: 'account.lock', to: newest?.time ?? '' })).items).toHaveLength(3)
  })

  test('leaves an event of its own, which says about whom it was asked', async () => {
    const before = (await read({ action: 'audit.read' })).items.length
    await read({ person: 'u000011' })
    const { items } = await read({ action: 'audit.read' })
    expect(items.length).toBe(before + 2)
    expect(items[0]).toMatchObject({ actor: { id: 'cli' }, target: { login: 'u000011' } })
  })

  test('refuses a person whom nobody knows, and days that are none', async () => {
    for (const query of ['person=nobody', 'from=yesterday', 'cursor=x', 'action=murder', 'limit=0']) {
      expect((await call(service, `/audit?${query}`, { token })).body, query).toMatchObject({
        code: 'invalid-input',
      })
    }
  })

  test('finds somebody who has left by the id of their account', async () => {
    const [event] = (await read({ person: 'u000011' })).items
    await ldapmodify(asRoot(slapd), `dn: uid=u000011,${people}\nchangetype: delete\n`)
    expect((await call(service, '/audit?person=u000011', { token })).status).toBe(400)
    const { items } = await read({ person: `main.${event?.target?.id ?? ''}`, action: 'account.lock' })
    expect(items).toMatchObject([{ target: { login: 'u000011' } }, {}])
  })
})

describe('a role with a reach', () => {
  test('reads the events of one person within it at a time', async () => {
    const browser = await signedIn(service, 'tlnguyen')
    const status = async (query: string) =>
      (
        await browser.once(`${service.issuer}/api/v1/audit${query}`, {
          headers: { accept: 'application/json' },
        })
      ).status
    expect(await status('?person=u000010')).toBe(200)
    expect(await status('')).toBe(400)
    expect(await status('?person=u000020')).toBe(400)
    expect(await status('?person=main.00000000-0000-0000-0000-000000000000')).toBe(400)
    const page = await browser.open(`${service.issuer}/audit`)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Enter a login')])
    expect((await browser.open(`${service.issuer}/audit?person=u000020`)).status).toBe(400)
  })
})

describe('the page', () => {
  test('shows the trail in words, and a forgotten person as such', async () => {
    const { items } = await read({ person: 'u000010', limit: '1' })
    const target = items[0]?.target
    await service.audit.forget({
      tenant: 'acme',
      actor: { kind: 'system', id: 'retention' },
      person: { kind: 'person', directory: 'main', id: target?.id ?? '', login: 'u000010' },
    })
    const answer = await ada.open(`${service.issuer}/audit?action=account.unlock`)
    expect(answer.text).toContain('Account unlocked')
    expect(answer.text).toContain('Forgotten person')
    expect(answer.text).not.toContain('u000010')
    expect(answer.text).not.toContain('because of')
    expect((await read({ action: 'account.unlock' })).items[0]?.target).toMatchObject({
      kind: 'person',
      login: null,
    })
  })

  test('says what is wrong with a filter, and keeps a good one', async () => {
    const wrong = await ada.open(`${service.issuer}/audit?person=nobody`)
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('Nobody has this login')])
    const good = await ada.open(
      `${service.issuer}/audit?person=ada&action=sign-in&from=2020-01-01&to=2120-01-01`,
    )
    expect(good.text).toContain('value="2020-01-01"')
    expect(good.text).toMatch(/option value="sign-in" selected/)
  })

  test.each([
    [360, 'light'],
    [1280, 'dark'],
  ] as const)('is accessible and fits at %i pixels, %s, in French', async (width, scheme) => {
    const context = await chromium.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      locale: 'fr-FR',
    })
    const page = await context.newPage()
    await page.goto(`${service.issuer}/sign-in?to=/audit`)
    await page.fill('[name=login]', 'ada')
    await page.fill('[name=password]', 'pw-ada')
    await page.click('main button[type=submit]')
    for (const path of ['/audit', '/audit?person=nobody', '/audit?action=audit.purge']) {
      await page.goto(service.issuer + path)
      await screenshot(page, `audit-${path.replaceAll(/\W+/g, '-')}-${width}-${scheme}`)
      expect.soft(await axe(page), path).toEqual([])
      expect.soft(strayValues(await page.content()), path).toEqual([])
      expect.soft(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(width)
    }
    await context.close()
  })
})
