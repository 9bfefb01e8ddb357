import { describe, expect, test } from 'vitest'
import { createHealthReader, health, type Check } from '../../plugins/health.ts'
import { metrics } from '../../plugins/metrics.ts'
import type { TaskFigures } from '../../src/store/sync-figures.ts'
import { freePort } from '../support/free-port.ts'
import { makeTenant, openTestFrame } from './web-frame.ts'

const tenant = makeTenant({ issuer: 'https://id.acme.example' })
const up = async () => {}
const down = async () => {
  throw new Error('connect ECONNREFUSED 10.1.2.3:5432')
}
const hangs = () => new Promise<void>(() => {})

async function openHealth(checks: Record<string, Check>, clock = () => new Date()) {
  const { app } = await openTestFrame(
    [tenant],
    () => {},
    {},
    async (frame) => await frame.register(health, { readHealth: createHealthReader(checks, clock) }),
  )
  return app
}

describe('/readyz', () => {
  const cases: Record<string, [checks: Record<string, Check>, status: number, body: object]> = {
    'is well when all is well': [
      { database: { needed: true, run: up } },
      200,
      { status: 'ok', checks: { database: { state: 'up', needed: true } } },
    ],
    'serves on, degraded, without a directory that one tenant needs': [
      { database: { needed: true, run: up }, 'directory acme/people': { needed: false, run: down } },
      200,
      {
        status: 'degraded',
        checks: {
          database: { state: 'up', needed: true },
          'directory acme/people': { state: 'down', needed: false },
        },
      },
    ],
    'is out without what everybody needs': [
      { database: { needed: true, run: down } },
      503,
      { status: 'down', checks: { database: { state: 'down', needed: true } } },
    ],
    'does not wait for what hangs': [
      { database: { needed: true, run: hangs } },
      503,
      { status: 'down', checks: { database: { state: 'down', needed: true } } },
    ],
  }
  test.each(Object.entries(cases))('%s', async (_name, [checks, status, body]) => {
    const app = await openHealth(checks)
    const answer = await app.inject({ url: '/readyz', headers: { host: '10.0.0.7:8080' } })
    expect([answer.statusCode, answer.json()]).toEqual([status, body])
    expect(answer.body).not.toContain('10.1.2.3')
    await app.close()
  })

  test('asks the dependencies once a second, however many probe', async () => {
    let asked = 0
    let now = 1_000_000
    const app = await openHealth(
      { database: { needed: true, run: async () => void asked++ } },
      () => new Date(now),
    )
    await Promise.all([1, 2, 3].map(() => app.inject('/readyz')))
    now += 999
    await app.inject('/readyz')
    const first = asked
    now += 1
    await app.inject('/readyz')
    expect([first, asked]).toEqual([1, 2])
    await app.close()
  })

  test('believes that all is well for a second, and that it is not for 200 ms only', async () => {
    let isUp = false
    let now = 1_000_000
    const app = await openHealth(
      { database: { needed: true, run: () => (isUp ? up() : down()) } },
      () => new Date(now),
    )
    const statusAfter = async (milliseconds: number) => {
      now += milliseconds
      return (await app.inject('/readyz')).statusCode
    }
    expect(await statusAfter(0)).toBe(503)
    isUp = true
    expect([await statusAfter(199), await statusAfter(1)]).toEqual([503, 200])
    isUp = false
    expect([await statusAfter(999), await statusAfter(1)]).toEqual([200, 503])
    await app.close()
  })

  test('asks nothing a second time before it was answered, however long that takes', async () => {
    let asked = 0
    let now = 1_000_000
    const answer = Promise.withResolvers<void>()
    const run = async () => {
      asked++
      await answer.promise
    }
    const readHealth = createHealthReader({ database: { needed: true, run } }, () => new Date(now))
    const first = readHealth()
    now += 600
    const second = readHealth()
    answer.resolve()
    expect([(await first).status, (await second).status, asked]).toEqual(['ok', 'ok', 1])
  })
})

test('/livez answers whatever is down', async () => {
  const app = await openHealth({ database: { needed: true, run: down } })
  expect((await app.inject('/livez')).json()).toEqual({ status: 'ok' })
  await app.close()
})

describe('/metrics', () => {
  const directories = () => [
    {
      tenant: 'acme',
      directory: 'people',
      stats: { open: 4, busy: 1, waiting: 2, errorsByCode: new Map([['49', 3]]) },
    },
  ]

  const service = {
    configHash: 'a1b2c3d4e5f6',
    events: () => [
      { tenant: 'acme', action: 'sign-in' as const, result: 'refused' as const, code: 'wrong', count: 5 },
    ],
    readHealth: createHealthReader(
      { database: { needed: true, run: up }, 'directory acme/people': { needed: false, run: down } },
      () => new Date(),
    ),
  }

  const figures = {
    tenant: 'acme',
    task: 'people',
    runs: new Map([['done', 7]]),
    changes: new Map([['create', 40]]),
    errors: new Map([['conflicts', 2]]),
    lastSuccess: new Date('2026-11-25T02:15:09Z'),
    lastEnd: new Date('2026-11-25T02:15:09Z'),
    lastSeconds: 9.5,
  } satisfies TaskFigures
  const sync = async () => [figures]

  test('counts requests by route, never by address, and tells of directories and the event loop', async () => {
    const { app } = await openTestFrame(
      [tenant],
      (frame) => void frame.get('/people/:login', async () => ({})),
      {},
      async (frame) => await frame.register(metrics, { host: '127.0.0.1', ...service, directories, sync }),
    )
    for (const login of ['elodie', 'zoe'])
      await app.inject({ url: `/people/${login}`, headers: { host: 'id.acme.example' } })
    await app.inject('/metrics')
    const { body } = await app.inject('/metrics')
    expect(body).toContain('# TYPE ldap_errors_total counter')
    expect(body).toContain(
      'http_request_duration_seconds_count{route="/people/:login",method="GET",status="200"} 2',
    )
    expect(body).not.toContain('elodie')
    expect(body).toContain('ldap_connections{tenant="acme",directory="people",state="waiting"} 2')
    expect(body).toContain('ldap_errors_total{tenant="acme",directory="people",code="49"} 3')
    expect(body).toContain('nodejs_eventloop_lag_p99_seconds')
    expect(body).toContain('idaas_sync_runs_total{tenant="acme",task="people",state="done"} 7')
    expect(body).toContain('idaas_sync_changes_total{tenant="acme",task="people",kind="create"} 40')
    expect(body).toContain('idaas_sync_errors_total{tenant="acme",task="people",kind="conflicts"} 2')
    expect(body).toContain(
      `idaas_sync_last_success_timestamp_seconds{tenant="acme",task="people"} ${figures.lastSuccess.getTime() / 1_000}`,
    )
    expect(body).toContain(
      'idaas_events_total{tenant="acme",action="sign-in",result="refused",code="wrong"} 5',
    )
    expect(body).toContain('idaas_ready 1')
    expect(body).toMatch(/idaas_config_info\{version="\d+\.\d+\.\d+",hash="a1b2c3d4e5f6"\} 1/)
    expect(body).toMatch(/idaas_check_duration_seconds\{check="database"\} \d/)
    // What does not answer takes no time: the patience of the probe is none of its figures.
    expect(body).not.toMatch(/idaas_check_duration_seconds\{check="directory/)
    expect(body).toContain('idaas_check_up{check="database",needed="true"} 1')
    expect(body).toContain('idaas_check_up{check="directory acme/people",needed="false"} 0')
    expect(body).toMatch(/idaas_build_info\{version="\d+\.\d+\.\d+"\} 1/)
    expect(body).toContain('idaas_sync_last_duration_seconds{tenant="acme",task="people"} 9.5')
    await app.close()
  })

  test('are on their own port when there is one, and not on the main one', async () => {
    const port = await freePort()
    const { app } = await openTestFrame(
      [tenant],
      () => {},
      {},
      async (frame) => {
        await frame.register(metrics, { host: '127.0.0.1', port, ...service, directories, sync })
      },
    )
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const own = await fetch(`http://127.0.0.1:${port}/metrics`)
    const main = await fetch(`${address}/metrics`)
    expect([own.status, (await own.text()).includes('ldap_connections'), main.status]).toEqual([
      200,
      true,
      421,
    ])
    await app.close()
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed')
  })
})
