import { afterAll, beforeAll, expect, test } from 'vitest'
import { groupDn } from '../../accounts/use-desk.ts'
import type { Browser } from '../oidc/browser.ts'
import { createBrowser } from '../oidc/browser.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { deskPermissions } from '../../support/tenant.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

const people = 'ou=people,dc=example,dc=org'
/** Who asks: nobody, a person without a role, an agent who may only read and unlock, one who may all, one with a reach, an administrator. */
const visitors = ['anonymous', 'tlnguyen', 'jndherve', 'hugo', 'zoeuvrard', 'ada'] as const
type Visitor = (typeof visitors)[number]

let slapd: Slapd
let service: DeskService
const browsers = new Map<Visitor, Browser>()

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  const group = (cn: string, uid: string) =>
    `dn: ${groupDn(cn)}\nchangetype: add\nobjectClass: groupOfNames\ncn: ${cn}\nmember: uid=${uid},${people}\n\n`
  await ldapmodify(
    asRoot(slapd),
    group('readers', 'jndherve') + group('local-desk', 'zoeuvrard') + group('chiefs', 'elefevre'),
  )
  const role = (
    name: string,
    cn: string,
    permissions: readonly string[],
    rank: number,
    more: object = {},
  ) => ({
    name,
    groups: [groupDn(cn)],
    permissions: [...permissions],
    rank,
    ...more,
  })
  service = await startDeskService(slapd, {
    changes: JSON.parse(
      JSON.stringify({
        desk: { reasonRequired: [] },
        roles: [
          role('reader', 'readers', ['account.read', 'account.unlock'], 5),
          role('desk', 'service-desk', deskPermissions, 10, { clients: ['cli'] }),
          role('local', 'local-desk', deskPermissions, 10, {
            reach: [{ base: people, filter: '(uid=u000010)' }],
          }),
          role('admin', 'administrators', [...deskPermissions, 'audit.read'], 50),
          role('chief', 'chiefs', [], 50),
        ],
      }),
    ),
  })
  for (const visitor of visitors) {
    browsers.set(visitor, visitor === 'anonymous' ? createBrowser() : await signedIn(service, visitor))
  }
})
afterAll(async () => {
  await service.stop()
  await slapd.stop()
})

const acts = ['lock', 'unlock', 'disable', 'enable', 'require-change', 'validity', 'rename']

// In the order of `visitors`. 303: to the sign-in, or (of a form) done.
const expected: Record<string, readonly number[]> = {
  'GET /api/v1/accounts': [401, 403, 200, 200, 200, 200],
  'GET /api/v1/accounts/u000010': [401, 403, 200, 200, 200, 200],
  'GET /api/v1/accounts/u000011': [401, 403, 200, 200, 404, 200],
  'POST /api/v1/accounts/u000010/password-reset': [401, 403, 403, 200, 200, 200],
  'POST /api/v1/accounts/u000011/password-reset': [401, 403, 403, 200, 404, 200],
  'POST /api/v1/accounts/elefevre/password-reset': [401, 403, 403, 403, 404, 200],
  'POST /api/v1/accounts/u000010/password-reset/retry': [401, 403, 403, 404, 404, 404],
  ...Object.fromEntries(
    acts.flatMap((act) => {
      const reader = act === 'unlock' ? 200 : 403
      return [
        [`POST /api/v1/accounts/u000010/${act}`, [401, 403, reader, 200, 200, 200]],
        [`POST /api/v1/accounts/u000011/${act}`, [401, 403, reader, 200, 404, 200]],
        // Of a rank above hugo's.
        [`POST /api/v1/accounts/elefevre/${act}`, [401, 403, 403, 403, 404, 200]],
      ] as const
    }),
  ),
  'GET /api/v1/reports': [401, 403, 200, 200, 200, 200],
  'GET /desk/counts': [303, 403, 200, 200, 200, 200],
  'GET /desk.csv?state=locked': [303, 403, 200, 200, 200, 200],
  'POST /desk/u000010/reset/retry': [401, 403, 403, 404, 404, 404],
  'GET /api/v1/audit': [401, 403, 403, 403, 403, 200],
  'GET /audit': [303, 403, 403, 403, 403, 200],
  'GET /desk': [303, 403, 200, 200, 200, 200],
  'GET /desk/u000010': [303, 403, 200, 200, 200, 200],
  'GET /desk/u000011': [303, 403, 200, 200, 404, 200],
  ...Object.fromEntries(
    ['reset', ...acts].flatMap((act) => {
      const reader = act === 'unlock' ? 200 : 403
      const done = act === 'unlock' ? 303 : 403
      return [
        [`GET /desk/u000010/${act}`, [303, 403, reader, 200, 200, 200]],
        [`GET /desk/u000011/${act}`, [303, 403, reader, 200, 404, 200]],
        [`POST /desk/u000010/${act}`, [401, 403, done, 303, 303, 303]],
        [`POST /desk/u000011/${act}`, [401, 403, done, 303, 404, 303]],
        [`POST /desk/elefevre/${act}`, [401, 403, 403, 403, 404, 303]],
      ] as const
    }),
  ),
}

test.each(Object.entries(expected))('%s is for whom it is meant', async (route, statuses) => {
  const [method = '', path = ''] = route.split(' ')
  const found: number[] = []
  for (const visitor of visitors) found.push(await statusOf(visitor, method, path))
  expect(Object.fromEntries(visitors.map((visitor, index) => [visitor, found[index]]))).toEqual(
    Object.fromEntries(visitors.map((visitor, index) => [visitor, statuses[index]])),
  )
})

test('the matrix names every route of the desk and the audit', () => {
  const named = new Set(
    Object.keys(expected).map((route) =>
      route.replace(/\?.*/, '').replace(/\/(?:u0000\d\d|elefevre)(?=\/|$)/, '/:login'),
    ),
  )
  const routes = service.app.routeTable
    .filter(
      ({ url, config, method }) =>
        /accounts|audit|desk|reports/.test(url) && config.crossSite === undefined && method !== 'HEAD',
    )
    .map(({ method, url }) => `${method} ${url}`)
  expect([...named].toSorted()).toEqual([...new Set(routes)].toSorted())
})

test('a token acts within its scopes and the role of its client', async () => {
  const [full, reads, none] = await Promise.all([
    tokenOf(service),
    tokenOf(service, 'cli', ['accounts.read']),
    tokenOf(service, 'nobody'),
  ])
  const statuses = async (path: string, body?: object) =>
    await Promise.all(
      [full, reads, none].map(
        async (token) => (await call(service, path, { token, ...(body && { body }) })).status,
      ),
    )
  expect(await statuses('/accounts')).toEqual([200, 200, 403])
  expect(await statuses('/accounts/u000010')).toEqual([200, 200, 403])
  for (const act of acts)
    expect(await statuses(`/accounts/u000010/${act}`, neededBy(act, 'u000010')), act).toEqual([200, 403, 403])
  expect(await statuses('/accounts/u000010/password-reset', { generate: true })).toEqual([200, 403, 403])
  // The role of `cli` does not read the audit, whatever its token says.
  expect(await statuses('/audit')).toEqual([403, 403, 403])
})

async function statusOf(visitor: Visitor, method: string, path: string): Promise<number> {
  const browser = browsers.get(visitor) ?? createBrowser()
  const url = `${service.issuer}${path}`
  const isApi = path.startsWith('/api/')
  const accept = isApi ? 'application/json' : 'text/html'
  if (method === 'GET') return (await browser.once(url, { headers: { accept } })).status
  const csrf = await csrfOf(browser)
  const [act = '', login = ''] = path
    .replace(/^.*(?:accounts|desk)\//, '')
    .split('/', 2)
    .toReversed()
  const needed = neededBy(path.endsWith('/retry') ? 'retry' : act, login)
  if (!isApi)
    return (await browser.once(url, { method, body: new URLSearchParams({ _csrf: csrf, ...needed }) })).status
  const body = path.endsWith('password-reset') ? { generate: true } : needed
  const headers = { accept, 'content-type': 'application/json', 'x-csrf-token': csrf }
  return (await browser.once(url, { method, headers, body: JSON.stringify(body) })).status
}

/** The least that an act asks for. */
function neededBy(act: string, login: string): Record<string, string> {
  if (act === 'retry') return { id: 'made-up' }
  return act === 'rename' ? { login } : {}
}

async function csrfOf(browser: Browser): Promise<string> {
  // Whoever is not signed in gets a token with the form of the sign-in.
  const page = await browser.open(`${service.issuer}/people`)
  return /name="_csrf"\s+value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}
