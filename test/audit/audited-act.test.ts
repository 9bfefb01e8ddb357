import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { auditedAct } from '../../src/audit/audited-act.ts'
import { createAudit } from '../../src/audit/create-audit.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { Problem } from '../../src/problems/problem.ts'
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { until } from '../support/poll.ts'
import { person, resetBy, setUpAudit, type AuditSetup } from './audit-setup.ts'

let setup: AuditSetup
beforeAll(async () => {
  setup = await setUpAudit()
  return () => setup.database.close()
})

test('loses nothing that it acknowledged, and writes nothing twice, when PostgreSQL is killed and comes back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-crash-'))
  let server = await startEmbeddedPostgres(folder)
  await migrate(server.url)
  const database = connectDatabase(server.url, { connectTimeout: 500 })
  const replicas = [
    createAudit({ database, sealer: setup.sealer }),
    createAudit({ database, sealer: setup.sealer }),
  ]
  const acknowledged = new Map<string, string>()
  const failures: unknown[] = []
  const stop = new AbortController()
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !stop.signal.aborted; n++) {
      const requestId = `${writer}-${n}`
      const recording = replicas[writer % 2]?.record(resetBy('hugo', `p${n % 9}`, { requestId }))
      await recording?.then(
        (id) => acknowledged.set(requestId, id),
        (error: unknown) => failures.push(error),
      )
    }
  }
  const writers = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
  await until(() => acknowledged.size > 200, { within: 5000 })
  process.kill(server.pid, 'SIGKILL')
  await server.ended
  await until(() => failures.length > 20, { within: 5000 })
  server = await until(() => startEmbeddedPostgres(folder), { within: 5000 })
  const before = acknowledged.size
  await until(() => acknowledged.size > before + 200, { within: 5000 })
  stop.abort()
  await writers

  expect(
    failures.filter((error) => !(error instanceof Problem && error.code === 'audit-unavailable')),
  ).toEqual([])
  const { items } = await createAudit({ database, sealer: setup.sealer }).list('acme', { limit: 1_000_000 })
  const found = new Map(items.map(({ requestId, id }) => [requestId, id]))
  expect(found.size).toBe(items.length)
  expect([...acknowledged].filter(([requestId, id]) => found.get(requestId) !== id)).toEqual([])
  expect(await replicas[0]?.verify('acme')).toMatchObject({ ok: true, events: items.length })
  await database.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('an act that must leave a trace', () => {
  const event: Omit<AuditEvent, 'result' | 'time'> = {
    tenant: 'acts',
    action: 'account.unlock',
    actor: person('hugo'),
  }
  const clock = () => new Date()
  const onLost = () => {}

  test('is in the trail before it is done, and its outcome after', async () => {
    const audit = setup.open()
    const results = async () =>
      (await audit.list('acts', { limit: 2 })).items.map(({ result, code }) => [result, code])
    const during = await auditedAct(audit, event, results, { clock, onLost })
    expect(during).toEqual([['attempted', null]])
    expect(await results()).toEqual([
      ['done', null],
      ['attempted', null],
    ])
    const refusal = auditedAct(audit, event, () => Promise.reject(new Problem('more-privileged')), {
      clock,
      onLost,
    })
    await expect(refusal).rejects.toMatchObject({ code: 'more-privileged' })
    expect((await results())[0]).toEqual(['refused', 'more-privileged'])
    const failure = auditedAct(audit, event, () => Promise.reject(new Problem('directory-unavailable')), {
      clock,
      onLost,
    })
    await expect(failure).rejects.toMatchObject({ code: 'directory-unavailable' })
    expect((await results())[0]).toEqual(['failed', 'directory-unavailable'])
  })

  test('is not done when it cannot be traced; when only the outcome cannot, that is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audit-outage-'))
    let server = await startEmbeddedPostgres(folder)
    await migrate(server.url)
    const database = connectDatabase(server.url, { connectTimeout: 500 })
    const audit = createAudit({ database, sealer: setup.sealer })
    const lost: string[] = []
    const outcome = await auditedAct(audit, event, () => server.stop().then(() => 'unlocked'), {
      clock,
      onLost: ({ result }) => lost.push(result),
    })
    expect(outcome).toBe('unlocked')
    expect(lost).toEqual(['done'])

    let done = false
    const act = async () => void (done = true)
    await expect(auditedAct(audit, event, act, { clock, onLost })).rejects.toMatchObject({
      code: 'audit-unavailable',
      status: 503,
    })
    expect(done).toBe(false)

    server = await startEmbeddedPostgres(folder)
    await until(() => auditedAct(audit, event, act, { clock, onLost }).then(() => true), { within: 3000 })
    expect((await audit.list('acts', { limit: 9 })).items.map(({ result }) => result)).toEqual([
      'done',
      'attempted',
      'attempted',
    ])
    expect(await audit.verify('acts')).toMatchObject({ ok: true })
    await database.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
})
