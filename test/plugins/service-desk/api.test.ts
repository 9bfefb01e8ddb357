import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

let slapd: Slapd
let service: DeskService
let token: string
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  service = await startDeskService(slapd)
  token = await tokenOf(service)
})
afterAll(async () => {
  await service.stop()
  await slapd.stop()
})

const modify = async (login: string, lines: string) =>
  await ldapmodify(
    asRoot(slapd),
    `dn: uid=${login},ou=people,${slapd.suffix}\nchangetype: modify\n${lines}\n`,
  )
const post = async (login: string, act: string, body: object = {}, headers = {}) =>
  await call(service, `/accounts/${login}/${act}`, { token, body, headers })
const get = async (path: string) => await call(service, path, { token })

describe('reading', () => {
  test('finds accounts as people type, page by page', async () => {
    expect((await get('/accounts?q=lefevre%20elo')).body).toMatchObject({
      items: [
        { login: 'elefevre', displayName: 'Élodie LEFÈVRE', state: { canSignIn: true, conditions: [] } },
      ],
      next: null,
    })
    const first = await get('/accounts?limit=2')
    expect(first.body).toMatchObject({ items: [{}, {}], next: expect.any(String) })
    const second = await get(`/accounts?limit=2&cursor=${String(first.body['next'])}`)
    expect(second.body['items']).not.toEqual(first.body['items'])
  })

  test('finds accounts by state, and tells the whole state of one', async () => {
    await modify('u000010', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    expect((await get('/accounts?state=locked')).body).toMatchObject({ items: [{ login: 'u000010' }] })
    expect((await get('/accounts/u000010')).body).toMatchObject({
      state: {
        canSignIn: false,
        enforced: true,
        conditions: [{ kind: 'locked', by: 'agent' }],
        policy: 'cn=default,ou=policies,dc=example,dc=org',
      },
      acts: [
        { act: 'unlock', refused: null },
        { act: 'reset', refused: null },
        { act: 'require-change', refused: null },
        { act: 'validity', refused: null },
        { act: 'rename', refused: null },
        { act: 'disable', refused: null },
      ],
    })
  })

  test('offers nothing that would be refused, and says why', async () => {
    expect((await get('/accounts/ada')).body['acts']).toEqual([
      { act: 'reset', refused: 'more-privileged' },
      { act: 'require-change', refused: 'more-privileged' },
      { act: 'validity', refused: 'more-privileged' },
      { act: 'rename', refused: 'more-privileged' },
      { act: 'lock', refused: 'more-privileged' },
      { act: 'disable', refused: 'more-privileged' },
    ])
    await modify('u000011', 'replace: userPassword\nuserPassword: {SSHA}!AAAA')
    expect((await get('/accounts/u000011')).body['acts']).toContainEqual({
      act: 'reset',
      refused: 'closed-elsewhere',
    })
  })

  test('refuses what it does not know, by name', async () => {
    expect((await get('/accounts/nobody')).body).toMatchObject({ status: 404, code: 'not-found' })
    expect((await get('/accounts?state=asleep')).body).toMatchObject({
      code: 'invalid-input',
      faults: [{ field: 'state' }],
    })
    expect((await get('/accounts?stat=locked')).body).toMatchObject({ code: 'invalid-input' })
  })
})

test('the document of the API describes accounts, acts and the audit', async () => {
  const document: unknown = await (await fetch(`${service.issuer}/api/openapi.json`)).json()
  const { paths } = z
    .object({
      paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()) }))),
    })
    .parse(document)
  const described = Object.keys(paths).filter((path) => /accounts|audit/.test(path))
  expect(described).toEqual([
    '/api/v1/accounts',
    '/api/v1/accounts/{login}',
    ...['unlock', 'lock', 'disable', 'enable', 'require-change'].map(
      (act) => `/api/v1/accounts/{login}/${act}`,
    ),
    '/api/v1/accounts/{login}/password-reset',
    '/api/v1/accounts/{login}/password-reset/retry',
    '/api/v1/accounts/{login}/validity',
    '/api/v1/accounts/{login}/rename',
    '/api/v1/audit',
  ])
  expect(paths['/api/v1/accounts/{login}/lock']?.['post']?.security).toContainEqual({
    token: ['accounts.manage'],
  })
})

test('logins with slashes, spaces, accents and signs work in addresses', async () => {
  const login = 'dé/jà v@u+%2F'
  const dn = `cn=odd,ou=people,${slapd.suffix}`
  await ldapmodify(
    asRoot(slapd),
    `dn: ${dn}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: odd\nsn: Oddly\nuid: ${login}\nuserPassword: odd-odd-odd\n`,
  )
  const encoded = encodeURIComponent(login)
  expect((await get(`/accounts/${encoded}`)).body).toMatchObject({ login, dn })
  expect((await post(encoded, 'lock', { reason: 'odd' })).body).toEqual({ changed: true })
  const hugo = await signedIn(service, 'hugo')
  const page = await hugo.open(`${service.issuer}/desk/${encoded}`)
  expect(page.text).toContain(`action="/desk/${encoded}/unlock"`)
  const done = await hugo.submit({ ...page, text: page.text.slice(page.text.indexOf('<main')) })
  expect([new URL(done.url).pathname, done.status]).toEqual([`/desk/${encoded}`, 200])
  expect(done.text).toContain('The account is unlocked.')
})

describe('acting', () => {
  test('locks, unlocks, disables and enables, and says whether anything changed', async () => {
    const reason = 'asked by phone'
    for (const act of ['lock', 'unlock', 'disable', 'enable']) {
      expect((await post('u000012', act, { reason })).body, act).toEqual({ changed: true })
      expect((await post('u000012', act, { reason })).body, act).toEqual({ changed: false })
    }
    expect((await post('u000012', 'lock')).body).toMatchObject({ status: 422, code: 'reason-required' })
  })

  test('gives a generated password, which opens the account', async () => {
    const { status, body, headers } = await post('u000013', 'password-reset', {
      generate: true,
      mustChange: false,
    })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    await signedIn(service, 'u000013', String(body['password']))
  })

  test('says all that is wrong with a given password', async () => {
    expect((await post('u000014', 'password-reset', { password: 'short' })).body).toMatchObject({
      status: 422,
      code: 'password-refused',
      faults: [
        { field: 'password', reason: 'too-short' },
        { field: 'password', reason: 'common' },
      ],
    })
    expect((await post('u000014', 'password-reset', {})).body).toMatchObject({ status: 400 })
    expect((await post('u000014', 'password-reset', { generate: true, password: 'x' })).body).toMatchObject({
      status: 400,
    })
  })

  test('ends the sessions of whom it resets and locks', async () => {
    for (const [login, act, body] of [
      ['u000015', 'password-reset', { generate: true }],
      ['u000016', 'lock', { reason: 'stolen phone' }],
    ] as const) {
      const browser = await signedIn(service, login)
      expect((await browser.once(`${service.issuer}/people`)).status).toBe(200)
      await post(login, act, body)
      const after = await browser.once(`${service.issuer}/people`)
      expect([after.status, after.headers.get('location')], act).toEqual([303, '/sign-in?to=%2Fpeople'])
    }
  })

  test('queues the mail that was asked for', async () => {
    const before = await queuedMails()
    await post('u000017', 'password-reset', { generate: true })
    expect(await queuedMails()).toBe(before)
    await post('u000017', 'password-reset', { generate: true, notify: true })
    expect(await queuedMails()).toBe(before + 1)
  })

  test('never logs or stores a password', async () => {
    const typed = 'canary in the coal mine 88'
    const { body } = await post(
      'u000018',
      'password-reset',
      { generate: true },
      { 'idempotency-key': 'canary-1' },
    )
    await post('u000018', 'password-reset', { password: typed }, { 'idempotency-key': 'canary-2' })
    const redis = new Redis(service.redisUrl)
    const keys = await redis.keys('*')
    const stored = await redis.mget(keys)
    await redis.quit()
    const rows = await service.database.query(
      z.object({ row: z.string() }),
      'select entry::text as row from audit_events',
    )
    const everything = JSON.stringify([service.lines, stored, rows])
    expect(everything).toContain('u000018')
    expect(keys.filter((key) => key.startsWith('idempotency:'))).toHaveLength(2)
    for (const password of [typed, String(body['password'])]) expect(everything).not.toContain(password)
  })
})

async function queuedMails(): Promise<number> {
  const sql = "select count(*) as rows from pgboss.job where name = 'mail.send'"
  const [row] = await service.database.query(z.object({ rows: z.coerce.number() }), sql)
  return row?.rows ?? 0
}
