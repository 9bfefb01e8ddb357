import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { call } from '../service-desk/desk-service.ts'
import { leaveRun, startSyncSite, type SyncSite } from './sync-site.ts'

let slapd: Slapd
let site: SyncSite
let engineer: string
let watcher: string
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 10 } })
  site = await startSyncSite(slapd)
  engineer = await site.token('engineer')
  watcher = await site.token('watcher')
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})
beforeEach(async () => {
  await site.freeze.thaw('acme')
  await site.service.database.execute('delete from sync_runs')
  await site.service.database.execute("delete from pgboss.job where name = 'sync.run'")
})

const get = (path: string, token = watcher) => call(site.service, `/sync${path}`, { token })
const post = (path: string, body: object, token = engineer, headers = {}) =>
  call(site.service, `/sync${path}`, { token, body, headers })

async function change(method: 'PUT' | 'DELETE', path: string, body?: object) {
  const response = await fetch(`${site.service.issuer}/api/v1/sync${path}`, {
    method,
    headers: {
      authorization: `Bearer ${engineer}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: Object(await response.json()) }
}

const queuedJobs = async () =>
  await site.service.database.query(
    z.object({ tenant: z.string() }),
    `select data ->> 'tenant' as tenant from pgboss.job where name = 'sync.run'`,
  )

async function trailOf(action: string) {
  const { body } = await call(site.service, `/audit?action=${action}&limit=4`, { token: engineer })
  return body['items']
}

describe('tasks', () => {
  test('tell what they are for, when they run next, what they do now and did last', async () => {
    const done = await leaveRun(site, 'done', { counts: { source: 10 } })
    const lease = await site.leases.take('acme', 'groups', 60)
    const { body } = await get('/tasks')
    await lease?.release()
    expect(body).toMatchObject({
      frozen: null,
      next: null,
      items: [
        {
          name: 'people',
          description: 'Accounts of the staff, from the personnel system',
          follows: false,
          running: null,
          schedule: { cron: '15 2 * * *', timeZone: 'Europe/Paris' },
          lastRun: { id: done.id, state: 'done', counts: { source: 10 } },
        },
        {
          name: 'groups',
          description: null,
          schedule: null,
          follows: true,
          running: { on: 'worker-7 (4242)', run: null },
          lastRun: null,
        },
      ],
    })
    const [first] = z
      .array(z.object({ schedule: z.object({ next: z.string() }) }))
      .parse([Object(body['items'])[0]])
    expect(first?.schedule.next).toMatch(/T0[01]:15:00\.000Z$/)
  })

  test('tell of the newest plan that a guard holds, also when there are later runs', async () => {
    await leaveRun(site, 'held')
    const held = await leaveRun(site, 'held', { minute: 1 })
    const later = await leaveRun(site, 'done', { minute: 2 })
    expect((await get('/tasks')).body).toMatchObject({
      items: [{ lastRun: { id: later.id }, held: { id: held.id } }, { held: null }],
    })
  })

  test('are started once for an Idempotency-Key, by a job, and that is audited', async () => {
    const key = { 'idempotency-key': 'abc' }
    const first = await post('/tasks/people/runs', { preview: true }, engineer, key)
    const again = await post('/tasks/people/runs', { preview: true }, engineer, key)
    expect(first).toMatchObject({
      status: 202,
      body: { task: 'people', kind: 'full', state: 'queued', preview: true, requestedBy: 'engineer' },
    })
    expect(again).toMatchObject({ status: 202, body: first.body })
    expect(await queuedJobs()).toEqual([{ tenant: 'acme' }])
    expect(await trailOf('sync.run')).toMatchObject([
      { result: 'done', actor: { id: 'engineer' }, target: { kind: 'task', id: 'people' } },
      { result: 'attempted' },
    ])
  })

  test('are started for one entry', async () => {
    const only = { attribute: 'uid', value: 'alice' }
    expect((await post('/tasks/people/runs', { only })).body).toMatchObject({
      kind: 'entry',
      only,
      preview: false,
    })
  })

  test('are not started while a run is under way, nor when there is no such task', async () => {
    await leaveRun(site, 'reading')
    expect(await post('/tasks/people/runs', {})).toMatchObject({
      status: 409,
      body: { code: 'sync-under-way' },
    })
    expect((await post('/tasks/groups/runs', {})).status).toBe(202)
    expect((await post('/tasks/none/runs', {})).status).toBe(404)
    expect((await post('/tasks/people/runs', { preview: 'yes' })).status).toBe(400)
  })
})

describe('a run', () => {
  test('is approved once, with a reason, and then queued', async () => {
    const { id } = await leaveRun(site, 'held', { guards: [{ guard: 'deletes', count: 40, limit: 20 }] })
    expect((await get(`/runs/${id}`)).body).toMatchObject({
      state: 'held',
      guards: [{ guard: 'deletes', count: 40, limit: 20 }],
      frozen: null,
    })
    expect((await post(`/runs/${id}/approve`, {})).status).toBe(400)
    expect((await post(`/runs/${id}/approve`, { reason: ' ' })).body).toMatchObject({
      code: 'reason-required',
    })
    expect(await post(`/runs/${id}/approve`, { reason: 'a whole site has left' })).toMatchObject({
      status: 202,
      body: { state: 'approved', approvedBy: 'engineer' },
    })
    expect(await queuedJobs()).toHaveLength(1)
    expect(await trailOf('sync.approve')).toMatchObject([
      { result: 'done', reason: 'a whole site has left', target: { kind: 'run', id } },
      { result: 'attempted' },
    ])
    expect(await post(`/runs/${id}/approve`, { reason: 'again' })).toMatchObject({ status: 409 })
  })

  test('is not approved while nothing may be written', async () => {
    const { id } = await leaveRun(site, 'held')
    await site.freeze.freeze('acme', 'ada', 'migration', new Date())
    expect(await post(`/runs/${id}/approve`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'sync-frozen' },
    })
    expect((await get(`/runs/${id}`)).body).toMatchObject({ state: 'held', frozen: { by: 'ada' } })
    expect(await trailOf('sync.approve')).toMatchObject([
      { result: 'refused', code: 'sync-frozen' },
      {},
      {},
      {},
    ])
  })

  test('is cancelled until it has ended', async () => {
    const { id } = await leaveRun(site, 'applying')
    expect(await post(`/runs/${id}/cancel`, {})).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    expect(await post(`/runs/${id}/cancel`, {})).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  test('is undone by a run of its own, when it has done something', async () => {
    const done = { ...(await leaveRun(site, 'done')).counts.done, create: 2 }
    const nothing = await leaveRun(site, 'done', { minute: 1 })
    expect((await post(`/runs/${nothing.id}/undo`, {})).body).toMatchObject({ code: 'conflict' })
    const { id } = await leaveRun(site, 'done', { minute: 2, counts: { done } })
    expect(await post(`/runs/${id}/undo`, { preview: true, reason: 'wrong file' })).toMatchObject({
      status: 202,
      body: { kind: 'undo', undoes: id, preview: true, state: 'queued' },
    })
    const [undo] = await site.runs.list({ tenant: 'acme', limit: 1 })
    await site.runs.advance(undo?.id ?? '', ['queued'], 'done', new Date())
    await site.runs.update(id, { undoneBy: undo?.id ?? '' }, new Date())
    expect((await post(`/runs/${id}/undo`, {})).body).toMatchObject({ code: 'conflict' })
    expect(await trailOf('sync.undo')).toMatchObject([
      { result: 'refused' },
      {},
      { reason: 'wrong file' },
      {},
    ])
  })

  test('is found in a list, page by page', async () => {
    for (const minute of [0, 1, 2])
      await leaveRun(site, 'done', { minute, task: minute === 1 ? 'groups' : 'people' })
    const first = await get('/runs?limit=2')
    expect(first.body['items']).toHaveLength(2)
    expect(first.body['next']).toMatch(/^[\da-f-]{36}$/)
    const last = await get(`/runs?limit=2&cursor=${String(first.body['next'])}`)
    expect(last.body).toMatchObject({ items: [{ task: 'people' }], next: null })
    expect((await get('/runs?task=groups')).body).toMatchObject({ items: [{ task: 'groups' }], next: null })
  })
})

test('a tenant is frozen with a reason, told everywhere, and thawed', async () => {
  expect((await get('/freeze')).body).toEqual({ frozen: null })
  expect((await change('PUT', '/freeze', {})).status).toBe(400)
  expect(await change('PUT', '/freeze', { reason: 'migration of the directory' })).toMatchObject({
    status: 200,
    body: { frozen: { by: 'engineer', reason: 'migration of the directory' } },
  })
  expect((await change('PUT', '/freeze', { reason: 'another' })).body).toMatchObject({
    frozen: { reason: 'migration of the directory' },
  })
  for (const path of ['/freeze', '/tasks', '/runs'])
    expect((await get(path)).body).toMatchObject({ frozen: { by: 'engineer' } })
  expect(await change('DELETE', '/freeze')).toMatchObject({ status: 200, body: { frozen: null } })
  expect(await trailOf('sync.freeze')).toMatchObject([
    {},
    {},
    { result: 'done', reason: 'migration of the directory' },
    {},
  ])
  expect(await trailOf('sync.thaw')).toMatchObject([{ result: 'done', actor: { id: 'engineer' } }, {}])
})
