import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { noCounts, type Run } from '../../../src/store/sync-runs.ts'
import { openBrowser } from '../../support/chromium.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { fillJournal } from './fill-journal.ts'
import { leaveRun, startSyncSite, type SyncSite } from './sync-site.ts'
import { openWindow, type Look, type Window } from './sync-window.ts'

let slapd: Slapd
let site: SyncSite
let chromium: Browser
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 10 } })
  site = await startSyncSite(slapd)
  chromium = await openBrowser()
})
afterAll(async () => {
  await chromium.close()
  await site.stop()
  await slapd.stop()
})
beforeEach(async () => {
  await site.freeze.thaw('acme')
  await site.service.database.execute('delete from sync_runs')
})

const english = { locale: 'en-GB' }
const open = (login: string, path: string, look: Look = english): Promise<Window> =>
  openWindow(chromium, site, login, path, look)

const planned = { ...noCounts.planned, create: 1, delete: 41 }
const mainText = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? ''
const at = ({ id }: Run, act = ''): string => `/sync/runs/${id}${act}`
const newest = async (): Promise<Run | undefined> => (await site.runs.list({ tenant: 'acme', limit: 1 }))[0]

describe('a run that is under way', () => {
  test('is followed as it goes: what is new is told, the focus stays, and it ends by itself', async () => {
    const run = await leaveRun(site, 'queued')
    const { page, complaints, close } = await open('ada', at(run))
    await page.evaluate('globalThis.notReloaded = true')
    await page.locator('a:has-text("Cancel…")').focus()
    const status = page.locator('[role=status]')
    expect(await status.textContent()).toBe('State: Queued')
    await page.evaluate(`globalThis.liveRegion = document.querySelector('[role=status]')`)

    const counts = { ...noCounts, source: 417 }
    await site.runs.advance(run.id, ['queued'], 'reading', new Date(), { counts })
    await until(async () => (await mainText(page)).includes('417 records of the source'), { within: 5_000 })
    expect(await status.textContent()).toBe('State: Reading')

    await site.runs.advance(run.id, ['reading'], 'applying', new Date(), {
      counts: { ...counts, planned, done: { ...noCounts.done, delete: 21 } },
    })
    await until(async () => (await mainText(page)).includes('21 of 42 changes written'), { within: 5_000 })
    expect(await page.locator('progress').getAttribute('value')).toBe('21')
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Cancel…')

    await site.runs.advance(run.id, ['applying'], 'done', new Date(), {
      counts: { ...counts, planned, done: planned },
    })
    await until(async () => (await status.textContent()) === 'State: Done', { within: 5_000 })
    expect(await page.locator('[hx-trigger]').count()).toBe(0)
    // A live region that is replaced is not read out.
    expect(await page.evaluate(`globalThis.liveRegion === document.querySelector('[role=status]')`)).toBe(
      true,
    )
    expect(await page.evaluate('globalThis.notReloaded')).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })

  test('shows on the page of the tasks, which follows it too', async () => {
    const { page, close } = await open('ada', '/sync')
    expect(await page.locator('[hx-trigger]').count()).toBe(0)
    const run = await leaveRun(site, 'reading')
    await page.reload()
    expect(await mainText(page)).toContain('A run is under way')
    await site.runs.advance(run.id, ['reading'], 'done', new Date())
    await until(async () => !(await mainText(page)).includes('A run is under way'), { within: 10_000 })
    await close()
  })
})

test('without JavaScript one previews, follows by reloading, and cancels', async () => {
  const { page, close } = await open('ada', '/sync', { script: false, locale: 'fr-FR' })
  await page.locator('.card:has-text("groups") button:has-text("Aperçu")').click()
  await page.waitForURL(/runs\/[^/]+$/)
  const run = await newest()
  expect(run).toMatchObject({ task: 'groups', preview: true, state: 'queued', requestedBy: 'ada' })
  expect(new URL(page.url()).pathname).toBe(`/sync/runs/${run?.id}`)
  await site.runs.advance(run?.id ?? '', ['queued'], 'reading', new Date())
  await page.click('a:has-text("Afficher l’état actuel")')
  expect(await mainText(page)).toContain('Lecture')
  await page.click('a:has-text("Annuler…")')
  await page.click('button:has-text("Annuler l’exécution")')
  await page.waitForURL(/runs\/[^/]+$/)
  expect(await newest()).toMatchObject({ state: 'cancelled' })
  expect(await mainText(page)).toContain('Annulée')
  await close()
})

describe('a plan that is held', () => {
  test('is approved with a reason, after the page has said exactly what will be written', async () => {
    const guards = [{ guard: 'deletes', count: 41, limit: 20 } as const]
    const run = await leaveRun(site, 'held', { counts: { planned }, guards })
    const { page, close } = await open('ada', '/sync')
    await page.click('a:has-text("Look at the run of people")')
    expect(await mainText(page)).toContain('41 entries would be removed; at most 20 need no approval.')
    await page.click('a:has-text("Approve…")')
    expect(await page.locator('main .notice li').allTextContents()).toEqual([
      '1 created',
      '41 deleted',
      '41 entries would be removed; at most 20 need no approval.',
    ])
    await page.click('button:has-text("Apply 42 changes")')
    expect(await page.locator('[role=alert]').textContent()).toContain('Fill in this field')
    expect(await newest()).toMatchObject({ state: 'held' })
    await page.fill('[name=reason]', 'a whole site has left')
    await page.click('button:has-text("Apply 42 changes")')
    await page.waitForURL(/runs\/[^/]+$/)
    expect(await newest()).toMatchObject({ state: 'approved', approvedBy: 'ada' })
    expect(await mainText(page)).toContain('Approved. A worker takes it up')

    await page.goto(site.service.issuer + at(run, '/approve'))
    expect(await mainText(page)).toContain('This makes no sense any more')
    await close()
  })

  test('waits while all writing is frozen, which every page says, with who and why', async () => {
    const run = await leaveRun(site, 'held', { counts: { planned } })
    const { page, close } = await open('ada', '/sync')
    await page.click('a:has-text("Freeze all writing…")')
    await page.click('button:has-text("Freeze all writing")')
    expect(await page.locator('[role=alert]').textContent()).toContain('Fill in this field')
    await page.fill('[name=reason]', 'migration of <the> directory')
    await page.click('button:has-text("Freeze all writing")')
    await page.waitForURL('**/sync')
    for (const path of ['/sync', '/sync/tasks/people', at(run), at(run, '/changes'), at(run, '/findings')]) {
      await page.goto(site.service.issuer + path)
      expect(await page.locator('.notice.warning').first().textContent(), path).toMatch(
        /All writing is frozen\.[^]*By ada[^]*migration of <the> directory/,
      )
    }
    await page.goto(site.service.issuer + at(run))
    expect(await page.locator('a:has-text("Approve…")').count()).toBe(0)
    expect(await mainText(page)).toContain('It can be applied once the freeze is lifted.')
    await page.goto(site.service.issuer + at(run, '/approve'))
    await page.fill('[name=reason]', 'now')
    await page.click('button:has-text("Apply 42 changes")')
    expect(await page.locator('[role=alert]').textContent()).toContain('Synchronization is frozen')
    expect(await page.inputValue('[name=reason]')).toBe('now')
    await page.click('button:has-text("Lift the freeze")')
    await page.waitForURL('**/sync')
    expect(await site.freeze.read('acme')).toBeNull()
    await close()
  })
})

test('a run that has done something is undone by another, first as a preview', async () => {
  const done = { ...noCounts.done, create: 2, update: 1 }
  const run = await leaveRun(site, 'done', { counts: { planned: done, done } })
  const { page, close } = await open('ada', at(run))
  await page.click('a:has-text("Undo…")')
  expect(await mainText(page)).toContain('A new run takes back 3 changes.')
  await page.check('[name=preview]')
  await page.fill('[name=reason]', 'wrong file')
  await page.click('button:has-text("Undo the run")')
  await page.waitForURL(/runs\/[^/]+$/)
  const undo = await newest()
  expect(undo).toMatchObject({ kind: 'undo', undoes: run.id, preview: true })
  expect(await page.getAttribute('a:has-text("this run")', 'href')).toBe(at(run))

  const { id = '' } = undo ?? {}
  const counts = { ...noCounts, planned: done, done: { ...done, create: 0 }, conflicts: 2 }
  await site.runs.advance(id, ['queued'], 'done', new Date(), { counts })
  await page.reload()
  expect(await mainText(page)).toContain('2 changes were not undone: somebody has changed the entries since.')
  await page.click('a:has-text("Look at them")')
  expect(new URL(page.url()).search).toBe('?state=conflict')
  await close()
})

test('one entry is examined: by what it was matched, each attribute with its rule, what is kept', async () => {
  const { page, close } = await open('ada', '/sync/tasks/people/entry')
  expect(await page.inputValue('[name=attribute]')).toBe('employeeNumber')
  await page.click('button:has-text("Examine")')
  expect(await page.locator('[role=alert]').textContent()).toContain('Its value')
  await page.fill('[name=value]', '4711')
  await page.click('button:has-text("Examine")')
  await page.waitForURL(/runs\/[^/]+$/)
  const run = await newest()
  expect(run).toMatchObject({
    kind: 'entry',
    preview: true,
    only: { attribute: 'employeeNumber', value: '4711' },
  })

  const { id = '' } = run ?? {}
  await fillJournal(site, id)
  await site.journal.addFindings(id, [
    {
      kind: 'kept',
      subject: 'uid=person1,ou=people',
      detail: { attribute: 'pwdStartTime', by: 'hugo', at: null },
    },
  ])
  const counts = { ...noCounts, source: 1, destination: 1, planned: { ...noCounts.planned, create: 1 } }
  await site.runs.advance(id, ['queued'], 'planned', new Date(), { counts })
  await page.waitForSelector('.explained', { timeout: 5_000 })
  expect(await page.locator('.explained').innerText()).toMatch(
    /Nothing in the destination matches it by the pivot employeeNumber[^]*pwdStartTime was left as it is: hugo set it[^]*cn[^]*nothing[^]*Claire Lefèvre[^]*From the source/,
  )
  await close()
})

test('who may only look is offered no act, and refused each', async () => {
  const run = await leaveRun(site, 'held', { counts: { planned } })
  const { page, close } = await open('hugo', '/sync')
  for (const path of ['/sync', '/sync/tasks/people', at(run)]) {
    await page.goto(site.service.issuer + path)
    expect(await page.locator('main .button').allTextContents(), path).toEqual(
      path === '/sync' ? ['History', 'History'] : path === at(run) ? ['Show the 42 changes'] : [],
    )
  }
  for (const path of [
    at(run, '/approve'),
    '/sync/freeze',
    '/sync/tasks/people/run',
    '/sync/tasks/people/entry',
  ])
    expect((await page.goto(site.service.issuer + path))?.status(), path).toBe(403)
  const token = await page.inputValue('[name=_csrf]')
  const posted = (path: string) =>
    page.evaluate<number>(
      `fetch('${path}', { method: 'POST', body: new URLSearchParams({ _csrf: '${token}', reason: 'x' }) }).then((answer) => answer.status)`,
    )
  expect(await posted('/sync/thaw')).toBe(403)
  expect(await posted(at(run, '/approve'))).toBe(403)
  expect(await posted('/sync/freeze')).toBe(403)
  expect(await newest()).toMatchObject({ state: 'held' })
  await close()
})
