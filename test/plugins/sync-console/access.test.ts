import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { call } from '../service-desk/desk-service.ts'
import { leaveRun, startSyncSite, type SyncSite } from './sync-site.ts'

let slapd: Slapd
let site: SyncSite
let watcher: string
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 10 } })
  site = await startSyncSite(slapd)
  watcher = await site.token('watcher')
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})

const get = (path: string) => call(site.service, `/sync${path}`, { token: watcher })

const unknown = '01a21225-d900-7fac-8f86-b105ca966e59'

describe('who may what', () => {
  test.each([
    ['/sync/tasks', undefined],
    ['/sync/runs', undefined],
    [`/sync/runs/${unknown}`, undefined],
    [`/sync/runs/${unknown}/changes`, undefined],
    [`/sync/runs/${unknown}/findings`, undefined],
    ['/sync/freeze', undefined],
    ['/sync/tasks/people/runs', {}],
    [`/sync/runs/${unknown}/approve`, { reason: 'x' }],
    [`/sync/runs/${unknown}/cancel`, {}],
    [`/sync/runs/${unknown}/undo`, {}],
  ])('%s is not for who has no role for it, nor for one that is limited to a branch', async (path, body) => {
    const asked = body === undefined ? {} : { body }
    for (const client of ['nobody', 'local'])
      expect(await call(site.service, path, { token: await site.token(client), ...asked })).toMatchObject({
        status: 403,
        body: { code: 'not-permitted' },
      })
    expect((await call(site.service, path, asked)).status).toBe(401)
    const mayRead = body === undefined
    expect((await call(site.service, path, { token: watcher, ...asked })).status !== 403).toBe(mayRead)
  })

  test('nobody sees what another tenant runs', async () => {
    const engineer = await site.token('engineer')
    const { id } = await leaveRun(site, 'held', { tenant: 'other' })
    expect((await get(`/runs/${id}`)).status).toBe(404)
    expect((await get(`/runs/${id}/changes`)).status).toBe(404)
    expect(
      (await call(site.service, `/sync/runs/${id}/approve`, { token: engineer, body: { reason: 'x' } }))
        .status,
    ).toBe(404)
    expect((await get('/runs')).body['items']).toEqual([])
  })
})
