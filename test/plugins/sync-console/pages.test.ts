import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { noCounts, type Run } from '../../../src/store/sync-runs.ts'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { fillJournal } from './fill-journal.ts'
import { leaveRun, minutes, startSyncSite, type SyncSite } from './sync-site.ts'
import { openWindow, type Window } from './sync-window.ts'

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

const open = (path: string): Promise<Window> => openWindow(chromium, site, 'ada', path, { locale: 'en-GB' })
const mainText = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? ''
const at = ({ id }: Run, rest = ''): string => `/sync/runs/${id}${rest}`

const planned = { ...noCounts.planned, create: 1, update: 2, rename: 1, delete: 41, disable: 1 }

async function leaveHeld(): Promise<Run> {
  const run = await leaveRun(site, 'held', {
    minute: 2,
    counts: {
      source: 1_203,
      destination: 1_240,
      unchanged: 1_157,
      planned,
      findings: { kept: 1, ambiguous: 2 },
    },
    guards: [
      { guard: 'deletes', count: 41, limit: 20 },
      { guard: 'frozen', count: 1, limit: 0 },
    ],
  })
  await fillJournal(site, run.id)
  await site.journal.addFindings(run.id, [
    { kind: 'ambiguous', subject: 'uid=a,ou=people', detail: { others: ['uid=b,ou=people'] } },
    {
      kind: 'kept',
      subject: 'uid=person7,ou=people,dc=acme,dc=example',
      detail: { attribute: 'pwdStartTime', by: 'hugo', at: minutes(0).toISOString() },
    },
    { kind: 'unusable', subject: 'staff.csv:12', detail: { column: 'mail', detail: 'not a mail address' } },
  ])
  return run
}

/** Runs in every state, and where each is shown. */
async function leaveEverything(): Promise<Record<string, string>> {
  const done = { ...noCounts.done, create: 12, update: 3 }
  for (const minute of [-40, -30, -20, -10])
    await leaveRun(site, 'done', { minute, counts: { source: 900, planned: done, done } })
  const finished = await leaveRun(site, 'done', {
    minute: 1,
    counts: { source: 1_200, planned: { ...done, delete: 2 }, done, failed: 1, conflicts: 1 },
  })
  const held = await leaveHeld()
  const preview = await leaveRun(site, 'planned', { minute: 3, preview: true, counts: { planned } })
  const incomplete = await leaveRun(site, 'incomplete', {
    minute: 4,
    failure: { code: 'size-limit', detail: 'sizeLimitExceeded after 500 entries' },
  })
  const entry = await leaveRun(site, 'planned', {
    minute: 5,
    kind: 'entry',
    preview: true,
    requestedBy: 'ada',
    only: { attribute: 'employeeNumber', value: '4711' },
    counts: { source: 1, destination: 1, planned: { ...noCounts.planned, update: 2 } },
  })
  await fillJournal(site, entry.id)
  const undo = await leaveRun(site, 'done', {
    minute: 6,
    kind: 'undo',
    undoes: finished.id,
    requestedBy: 'ada',
    counts: { planned: done, done: { ...done, update: 1 }, conflicts: 2 },
  })
  const applying = await leaveRun(site, 'applying', { minute: 7, counts: { planned, done: noCounts.done } })
  return {
    tasks: '/sync',
    history: '/sync/tasks/people',
    'history-empty': '/sync/tasks/groups',
    start: '/sync/tasks/groups/run',
    'entry-form': '/sync/tasks/people/entry',
    freeze: '/sync/freeze',
    held: at(held),
    approve: at(held, '/approve'),
    cancel: at(held, '/cancel'),
    changes: at(held, '/changes'),
    'changes-none': at(held, '/changes?q=nobody'),
    findings: at(held, '/findings'),
    done: at(finished),
    undo: at(finished, '/undo'),
    senseless: at(finished, '/approve'),
    preview: at(preview),
    incomplete: at(incomplete),
    entry: at(entry),
    undone: at(undo),
    applying: at(applying),
  }
}

describe.each([
  [360, 'dark', 'fr-FR'],
  [1280, 'light', 'en-GB'],
] as const)('at %i pixels, %s, %s', (width, scheme, locale) => {
  test(
    'every page is accessible, with nothing stray and nothing wider than the window',
    { timeout: 60_000 },
    async () => {
      const pages = await leaveEverything()
      const { page, complaints, close } = await openWindow(chromium, site, 'ada', '/sync', {
        width,
        scheme,
        locale,
      })
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(site.service.issuer + path)
        await screenshot(page, `sync-${name}-${width}-${locale}`)
        expect.soft(await axe(page), name).toEqual([])
        expect.soft(strayValues(await page.content()), name).toEqual([])
        expect.soft(await page.locator('h1').count(), name).toBe(1)
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect.soft(overflow, name).toBe(0)
      }
      expect(complaints).toEqual([])
      await close()
    },
  )
})

describe('what a run changes', () => {
  test('is filtered by kind, state, name and attribute, and never shows a secret', async () => {
    const run = await leaveRun(site, 'held', { counts: { planned } })
    await fillJournal(site, run.id)
    const { page, close } = await open(at(run, '/changes'))
    const names = () => page.locator('.change h3').allTextContents()
    expect(await names()).toHaveLength(6)
    expect(await page.content()).not.toContain('sealed')
    expect(await page.locator('.change del').allTextContents()).toContain('old@acme.example')
    expect(await page.locator('.change ins').allTextContents()).toContain('<b>new</b>@acme.example')
    await page.selectOption('[name=kind]', 'update')
    await page.click('button:has-text("Show")')
    expect(await names()).toHaveLength(2)
    await page.fill('[name=attribute]', 'MAIL')
    await page.click('button:has-text("Show")')
    expect(await names()).toEqual(['uid=person2,ou=people,dc=acme,dc=example'])
    await page.goto(`${site.service.issuer}${at(run, '/changes')}?attribute=cn`)
    expect(await names()).toHaveLength(2)
    await page.selectOption('[name=state]', 'conflict')
    await page.click('button:has-text("Show")')
    expect(await mainText(page)).toContain('No such change')
    await close()
  })

  test('comes page by page', async () => {
    const run = await leaveRun(site, 'held', { counts: { planned } })
    for (const part of [0, 10, 20, 30, 40]) await fillJournal(site, run.id, part)
    const { page, close } = await open(at(run, '/changes'))
    expect(await page.locator('.change').count()).toBe(25)
    await page.click('a:has-text("Next page")')
    expect(await page.locator('.change').count()).toBe(5)
    await page.click('a:has-text("Back to the start")')
    expect(await page.locator('.change').count()).toBe(25)
    await close()
  })
})

test('a task without history, and one that is not there', async () => {
  const { page, close } = await open('/sync/tasks/groups')
  expect(await mainText(page)).toContain('This task has not run yet')
  expect((await page.goto(`${site.service.issuer}/sync/tasks/none`))?.status()).toBe(404)
  const other = await leaveRun(site, 'held', { tenant: 'other' })
  expect((await page.goto(site.service.issuer + at(other)))?.status()).toBe(404)
  await close()
})

test('the charts are told in words', async () => {
  const done = { ...noCounts.done, update: 7 }
  await leaveRun(site, 'done', { counts: { planned: done, done } })
  await leaveRun(site, 'failed', { minute: 10 })
  const { page, close } = await open('/sync/tasks/people')
  const chart = page.getByRole('img', { name: 'Changes of each run' })
  expect(await chart.locator('title').allTextContents()).toEqual(['7', '0'])
  expect(await chart.locator('.amiss').count()).toBe(1)
  expect(await mainText(page)).toContain('2 runs, the figures of which are in the table below')
  await close()
})
