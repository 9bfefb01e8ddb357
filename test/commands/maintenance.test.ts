import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSyncFreeze } from '../../src/store/sync-freeze.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { signedIn } from '../plugins/self-service/self-service-site.ts'
import { until } from '../support/poll.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { makeInstallation, robotToken, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation
let server: ServerProcess
let token: string

beforeAll(async () => {
  slapd = await startSlapd()
  site = await makeInstallation(slapd, { whitePages: { access: 'public' } })
  await site.run('migrate')
  server = await site.serve()
  token = await robotToken(site.issuer)
})
afterAll(async () => {
  await server.end('SIGTERM')
  await slapd.stop()
})

const page = async (path: string, language: string) => {
  const answer = await fetch(site.issuer + path, {
    headers: { 'accept-language': language, accept: 'text/html' },
  })
  return await answer.text()
}
const lock = async () =>
  await fetch(`${site.issuer}/api/v1/accounts/elefevre/lock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'a test' }),
  })

describe('an announcement', () => {
  test('is on every page in the words of the operator, by language, and stops nothing', async () => {
    const words = ['--message-en', 'Tonight <we> move', '--message-fr', 'Ce soir, déménagement']
    const ended = await site.run('maintenance', 'on', '--until', '2h', ...words)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(
      /^acme: maintenance announced since \S+ by command line \(\S+\), until \S+Z\n$/,
    )
    const said = 'Tonight &lt;we&gt; move'
    await until(async () => (await page('/people', 'en')).includes(said), { within: 5_000 })
    for (const path of ['/people', '/nothing', '/sign-in', '/oauth2/logout/success']) {
      expect(await page(path, 'en'), path).toContain(said)
      expect(await page(path, 'fr'), path).toMatch(/Ce soir, déménagement[^]*Fin prévue/)
    }
    expect((await lock()).status).toBe(200)
  })

  test('goes when it is ended', async () => {
    expect((await site.run('maintenance', 'off')).stdout).toBe('acme: no maintenance\n')
    await until(async () => !(await page('/people', 'en')).includes('Tonight'), { within: 5_000 })
  })
})

describe('read-only mode', () => {
  beforeAll(async () => {
    await site.run('maintenance', 'on', '--read-only', '--until', '1h')
  })
  afterAll(async () => void (await site.run('maintenance', 'off')))

  test('refuses writes with a problem that says when to try again', async () => {
    const answer = await lock()
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'maintenance' }),
    ])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000)
  })

  test('lets people sign in and look, and says on the form that nothing can be changed', async () => {
    const browser = await signedIn(site, 'alice')
    const form = await browser.open(`${site.issuer}/password`)
    expect(form.text).toContain('Maintenance is under way')
    const refused = await browser.submit(
      { ...form, text: form.text.slice(form.text.indexOf('<main')) },
      {
        old: 'pw-alice',
        password: 'a new passphrase, long enough',
        repeat: 'a new passphrase, long enough',
      },
    )
    expect(refused.status).toBe(503)
    expect(refused.text).toContain('The service is read-only for now')
    expect(refused.text).toContain('Alice')
    expect((await fetch(`${site.issuer}/api/v1/people?q=lefevre`)).status).toBe(200)
  })

  test('freezes synchronization', async () => {
    const database = connectDatabase(site.databaseUrl)
    expect(await createSyncFreeze(database).read('acme')).toMatchObject({
      by: expect.stringMatching(/^command: /),
    })
    await site.run('maintenance', 'off')
    expect(await createSyncFreeze(database).read('acme')).toBeNull()
    await site.run('maintenance', 'on', '--read-only')
    await database.close()
  })

  test('stays when its time has come, and says so to the operator', async () => {
    await site.run('maintenance', 'on', '--read-only', '--until', '1m')
    const database = connectDatabase(site.databaseUrl)
    await database.execute(`update maintenance set until = now() - interval '1 minute'`)
    await database.close()
    expect((await lock()).status).toBe(503)
    expect((await site.run('maintenance', 'status')).stdout).toMatch(
      /read-only since .*which is past: end it/,
    )
  })
})

test('an end that is not clear is refused before anything is written', async () => {
  const ended = await site.run('maintenance', 'on', '--until', '22:00')
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('a time with its zone')])
  expect(JSON.parse((await site.run('maintenance', 'status', '--json')).stdout)).toEqual({ acme: null })
})

test('a tenant that is not there is named with those that are', async () => {
  const ended = await site.run('maintenance', 'on', '--tenant', 'amce')
  expect([ended.code, ended.stderr]).toEqual([1, 'No tenant is named amce: there is acme.\n'])
})
