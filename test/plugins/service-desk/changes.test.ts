import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axe, openBrowser, screenshot } from '../../support/chromium.ts'
import { asRoot, ldapTool, ldapsearch } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'
import { grantAgain, withholdRights } from '../../support/withhold-rights.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

let slapd: Slapd
let second: Slapd
let service: DeskService
let token: string
let chromium: Browser
beforeAll(async () => {
  ;[slapd, second] = await Promise.all([
    startSlapd({ seed: { people: 60 } }),
    startSlapd({ suffix: 'dc=second,dc=example', seed: { people: 60 } }),
  ])
  const [main] = testTenantConfig(slapd).directories
  const [other] = testTenantConfig(second).directories
  if (main === undefined || other === undefined) throw new Error('no directory')
  const alsoIn = [{ directory: 'second', base: `ou=people,${second.suffix}`, attribute: 'uid', from: 'uid' }]
  const directories = [
    { ...main, passwords: { passThrough: [], alsoIn } },
    { ...other, name: 'second' },
  ]
  chromium = await openBrowser()
  service = await startDeskService(slapd, { changes: { directories } })
  token = await tokenOf(service)
})
afterAll(async () => {
  await chromium.close()
  await service.stop()
  await Promise.all([slapd.stop(), second.stop()])
})

const post = async (login: string, act: string, body: object = {}, headers = {}) =>
  await call(service, `/accounts/${login}/${act}`, { token, body, headers })
const removeInSecond = async (login: string) =>
  await ldapTool('ldapdelete', asRoot(second), [`uid=${login},ou=people,${second.suffix}`])
const get = async (login: string) => (await call(service, `/accounts/${login}`, { token })).body
const attribute = async (login: string, name: string) => {
  const found = await ldapsearch(
    asRoot(slapd),
    `uid=${login},ou=people,${slapd.suffix}`,
    '(objectClass=*)',
    name,
  )
  return new RegExp(`^${name}: (.*)$`, 'm').exec(found)?.[1] ?? null
}

describe('by API', () => {
  test('dates are instants, shown as they are set; null removes', async () => {
    const [from, end] = ['2026-09-01T00:00:00+02:00', '2027-06-30T22:00:00Z']
    expect((await post('u000010', 'validity', { from, until: end })).body).toEqual({ changed: true })
    expect(await get('u000010')).toMatchObject({
      state: { validFrom: '2026-08-31T22:00:00.000Z', validUntil: '2027-06-30T22:00:00.000Z' },
    })
    expect((await post('u000010', 'validity', { until: end })).body).toEqual({ changed: false })
    expect((await post('u000010', 'validity', { from: null, until: null })).body).toEqual({ changed: true })
    expect(await get('u000010')).toMatchObject({ state: { validFrom: null, validUntil: null } })
    expect((await post('u000010', 'validity', { until: '2027-06-30' })).status).toBe(400)
  })

  test('a forced change is asked for, and an Idempotency-Key gives the same answer again', async () => {
    const headers = { 'idempotency-key': 'force-1' }
    for (let times = 0; times < 2; times++)
      expect((await post('u000011', 'require-change', {}, headers)).body).toEqual({ changed: true })
    expect((await post('u000011', 'require-change')).body).toEqual({ changed: false })
    expect(await get('u000011')).toMatchObject({ state: { conditions: [{ kind: 'must-change' }] } })
  })

  test('a rename answers with the new name and what followed; a taken one with a conflict', async () => {
    expect((await post('u000012', 'rename', { login: 'new.name' })).body).toMatchObject({
      code: 'conflict',
      faults: [{ field: 'login', reason: 'login-linked' }],
    })
    await removeInSecond('u000012')
    const headers = { 'idempotency-key': 'rename-1' }
    for (let times = 0; times < 2; times++)
      expect((await post('u000012', 'rename', { login: 'new.name' }, headers)).body).toMatchObject({
        login: 'new.name',
        dn: `uid=new.name,ou=people,${slapd.suffix}`,
        complete: true,
        failed: [],
      })
    expect(await get('new.name')).toMatchObject({ login: 'new.name' })
    expect((await post('u000013', 'rename', { login: 'new.name' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
      faults: [{ field: 'login', reason: 'login-taken' }],
    })
  })

  test('a reset tells each directory, and is not complete until all have it', async () => {
    expect((await post('u000014', 'password-reset', { generate: true })).body).toMatchObject({
      complete: true,
      retry: null,
      targets: [
        { directory: 'main', outcome: 'written', reason: null, putBack: [], lost: [], ntHash: null },
        { directory: 'second', outcome: 'written' },
      ],
    })
    await second.kill()
    const { status, body } = await post('u000014', 'password-reset', { generate: true })
    expect([status, body['complete']]).toEqual([200, false])
    expect(body['targets']).toMatchObject([
      { outcome: 'written' },
      { directory: 'second', outcome: 'failed', reason: 'directory-unavailable' },
    ])
    await backAgain()
    const id = String(body['retry'])
    expect((await post('u000014', 'password-reset/retry', { id })).body).toMatchObject({
      complete: true,
      retry: null,
      targets: [{ directory: 'second', outcome: 'written' }],
    })
    expect((await post('u000014', 'password-reset/retry', { id })).body).toMatchObject({ code: 'not-found' })
  })

  test('what a reset puts back is in the answer', async () => {
    await post('u000015', 'lock', { reason: 'asked by phone' })
    expect((await post('u000015', 'password-reset', { generate: true })).body).toMatchObject({
      targets: [{ directory: 'main', putBack: ['lock'] }, {}],
    })
  })

  test('what could not be set beside the new password is in the answer, and said on the page', async () => {
    await post('u000017', 'lock', { reason: 'asked by phone' })
    await withholdRights(slapd, `uid=u000017,ou=people,${slapd.suffix}`, ['pwdAccountLockedTime'])
    expect((await post('u000017', 'password-reset', { generate: true })).body).toMatchObject({
      complete: false,
      retry: null,
      targets: [{ directory: 'main', putBack: [], lost: ['lock'] }, {}],
    })
    await grantAgain(slapd)
    await post('u000017', 'lock', { reason: 'asked by phone' })
    await withholdRights(slapd, `uid=u000017,ou=people,${slapd.suffix}`, ['pwdAccountLockedTime', 'pwdReset'])
    const hugo = await signedIn(service, 'hugo')
    const told = await hugo.submit(mainOf(await hugo.open(`${service.issuer}/desk/u000017/reset`)), {
      mustChange: 'on',
    })
    expect(told.text).toContain('The password was reset, but not all is done.')
    expect(told.text).toContain('main: the lock that an agent had set is gone')
    expect(told.text).toContain('main: the person will not be asked for another password')
    expect(told.text).not.toContain('does not make people change their password')
  })

  test('a person’s own change answers 200 with what is missing, else 204', async () => {
    const browser = await signedIn(service, 'u000016')
    const csrf = /name="_csrf"\s+value="([^"]+)"/.exec(
      (await browser.open(`${service.issuer}/password`)).text,
    )
    const change = async (path: string, body: object) =>
      await browser.once(`${service.issuer}/api/v1/me/password${path}`, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-csrf-token': csrf?.[1] ?? '',
        },
        body: JSON.stringify(body),
      })
    const [one, two] = ['a sentence of my own', 'another sentence of mine']
    expect((await change('', { old: 'pw-u000016', password: one })).status).toBe(204)
    await second.kill()
    const answer = await change('', { old: one, password: two })
    await backAgain()
    const document: unknown = JSON.parse(answer.text)
    expect(document).toMatchObject({ complete: false, targets: [{}, { outcome: 'failed' }] })
    const retry = /"retry":"([^"]+)"/.exec(answer.text)?.[1]
    expect(JSON.parse((await change('/retry', { id: retry })).text)).toMatchObject({ complete: true })
  })
})

test.each([360, 1280])('at %i pixels, what is missing is said accessibly, in French', async (width) => {
  await second.kill()
  const login = `u0000${width === 360 ? 31 : 32}`
  const page = await windowAt(`/desk/${login}/reset`, width)
  await page.click('main form button[type=submit]')
  await screenshot(page, `desk-partly-${width}`)
  expect(await axe(page)).toEqual([])
  expect(await page.textContent('main')).toContain(
    'Le mot de passe a été réinitialisé, mais tout n’est pas fait.',
  )
  await backAgain()
  await page.click('button:has-text("L’y écrire maintenant")')
  await screenshot(page, `desk-everywhere-${width}`)
  expect(await page.textContent('main')).toContain('Le mot de passe a été réinitialisé.')
  await page.context().close()
})

/** A French window in which hugo has signed in. */
async function windowAt(path: string, width: number): Promise<Page> {
  const context = await chromium.newContext({ viewport: { width, height: 800 }, locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(`${service.issuer}/sign-in?to=${encodeURIComponent(path)}`)
  await page.fill('[name=login]', 'hugo')
  await page.fill('[name=password]', 'pw-hugo')
  await page.click('main button[type=submit]')
  return page
}

describe('on the pages', () => {
  test('the last valid day is a day in Paris, and comes back as it was typed', async () => {
    const hugo = await signedIn(service, 'hugo')
    const form = await hugo.open(`${service.issuer}/desk/u000020/validity`)
    const done = await hugo.submit(mainOf(form), { from: '2026-09-01', until: '2027-03-27' })
    expect(done.text).toContain('The dates of the account are set.')
    // The night from 27 to 28 March is the last of winter time.
    expect(await attribute('u000020', 'pwdStartTime')).toBe('20260831220000Z')
    expect(await attribute('u000020', 'pwdEndTime')).toBe('20270327230000Z')
    const again = await hugo.open(`${service.issuer}/desk/u000020/validity`)
    expect(again.text).toMatch(/value="2026-09-01"[\s\S]*value="2027-03-27"/)
    expect(done.text).toContain('March 27, 2027')
    const emptied = await hugo.submit(mainOf(again), { from: '', until: '' })
    expect(emptied.status).toBe(200)
    expect(await attribute('u000020', 'pwdEndTime')).toBeNull()
  })

  test('a day left as it stands keeps the exact instant', async () => {
    await post('u000021', 'validity', { until: '2027-06-30T15:30:00Z' })
    const hugo = await signedIn(service, 'hugo')
    const form = await hugo.open(`${service.issuer}/desk/u000021/validity`)
    await hugo.submit(mainOf(form), { from: '2026-09-01', until: '2027-06-30' })
    expect(await attribute('u000021', 'pwdEndTime')).toBe('20270630153000Z')
  })

  test('a wrong order of dates is said at its field', async () => {
    const hugo = await signedIn(service, 'hugo')
    const form = await hugo.open(`${service.issuer}/desk/u000022/validity`)
    const refused = await hugo.submit(mainOf(form), { from: '2027-09-01', until: '2027-03-27' })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('The last day must not be before the first one.')
    expect(refused.text).toContain('value="2027-09-01"')
  })

  test('a rename ends on the page of the new login', async () => {
    const hugo = await signedIn(service, 'hugo')
    const form = await hugo.open(`${service.issuer}/desk/u000023/rename`)
    const linked = await hugo.submit(mainOf(form), { login: 'émile' })
    expect(linked.text).toContain('This person has a password in the directory second under the same login')
    await removeInSecond('u000023')
    const taken = await hugo.submit(mainOf(form), { login: 'u000024' })
    expect(taken.text).toContain('Somebody has this login already.')
    const done = await hugo.submit(mainOf(form), { login: 'émile' })
    expect(decodeURIComponent(new URL(done.url).pathname)).toBe('/desk/émile')
    expect(done.text).toContain('The account has its new login.')
  })

  test('a reset that did not reach every directory says which has which password, and ends by a button', async () => {
    await second.kill()
    const hugo = await signedIn(service, 'hugo')
    const form = await hugo.open(`${service.issuer}/desk/u000025/reset`)
    const partly = await hugo.submit(mainOf(form))
    expect(partly.text).toContain('The password was reset, but not all is done.')
    expect(partly.text).toContain('main: the new password.')
    expect(partly.text).toMatch(/second: as far as we know still the old password/)
    await backAgain()
    const main = partly.text.slice(partly.text.indexOf('action="/desk/u000025/reset/retry"') - 40)
    const done = await hugo.submit({ ...partly, text: main })
    expect(done.text).toContain('The password was reset.')
    expect(done.text).not.toContain('reset/retry')
  })
})

/** The form of the page, not the one that signs out. */
function mainOf<T extends { text: string }>(page: T): T {
  return { ...page, text: page.text.slice(page.text.indexOf('<main')) }
}

async function backAgain(): Promise<void> {
  await second.restart()
  await until(
    () =>
      service.tenant.directories
        .get('second')
        ?.ping()
        .then(() => true),
    { within: 10_000 },
  )
}
