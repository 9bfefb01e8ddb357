import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusesAll } from '../../plugins/route-table.ts'
import { watchMaintenance } from '../../plugins/watch-maintenance.ts'
import type { Maintenance } from '../../src/store/maintenance.ts'
import { buildTestApp } from './built-app.ts'
import { makeTenant } from './web-frame.ts'

const readOnly: Maintenance = {
  readOnly: true,
  until: null,
  en: null,
  fr: null,
  by: 'command: root',
  since: new Date('2026-11-25T10:00:00Z'),
}
let app: Awaited<ReturnType<typeof buildTestApp>>

beforeAll(async () => void (app = await buildTestApp([makeTenant({ issuer: 'https://id.acme.example' })])))
afterAll(async () => await app.close())

test('what goes on in read-only mode is signing in and out, and what only judges', () => {
  const goesOn = app.routeTable.flatMap(({ method, url, config }) =>
    config.inReadOnly === undefined || config.crossSite === refusesAll ? [] : [`${method} ${url}`],
  )
  expect(goesOn.toSorted()).toEqual([
    'POST /consent/:uid',
    'POST /oauth2/authorize',
    'POST /oauth2/introspect',
    'POST /oauth2/logout',
    'POST /oauth2/logout/confirm',
    'POST /oauth2/par',
    'POST /oauth2/revoke',
    'POST /oauth2/token',
    'POST /oauth2/userinfo',
    'POST /password/check',
    'POST /recover/finish/check',
    'POST /sign-in/:uid',
    'POST /sign-out',
  ])
})

test('pages go by what was known last while the database does not answer, and are not held up by it', async () => {
  let now = new Date('2026-11-25T10:00:00Z')
  let read = async (): Promise<Maintenance | null> => readOnly
  const watch = watchMaintenance({ read: () => read() }, () => now)
  expect(await watch.known('acme')).toBe(readOnly)
  read = () => new Promise(() => {})
  now = new Date('2026-11-25T10:00:05Z')
  expect(await watch.known('acme')).toBe(readOnly)
  read = () => Promise.reject(new Error('away'))
  expect(await watch.now('acme')).toBe(readOnly)
})

test('one question for all who ask at once, and another one a second later', async () => {
  let asked = 0
  let now = new Date('2026-11-25T10:00:00Z')
  const read = async () => {
    asked += 1
    return null
  }
  const watch = watchMaintenance({ read }, () => now)
  await Promise.all(Array.from({ length: 50 }, () => watch.known('acme')))
  await watch.known('acme')
  expect(asked).toBe(1)
  now = new Date('2026-11-25T10:00:01Z')
  await watch.known('acme')
  expect(asked).toBe(2)
})
