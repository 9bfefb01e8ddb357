import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Audit, createAudit } from '../../../src/audit/create-audit.ts'
import type { AuditAction } from '../../../src/audit/event.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../../src/store/postgres.ts'
import { createSealer } from '../../../src/store/seal.ts'
import { lastActIn } from '../../../sync/run/last-act.ts'
import { keptTeller } from '../../../sync/run/tell-who-kept.ts'
import { testDatabase } from '../../support/postgres.ts'
import { startEngine, taskOf, tenant } from '../engine.ts'

let database: Database
let audit: Audit

beforeAll(async () => {
  const { url } = await testDatabase()
  await migrate(url)
  database = connectDatabase(url)
  audit = createAudit({ database, sealer: createSealer(['7'.repeat(64)]) })
})
afterAll(() => database.close())

const person = (id: string) => ({ kind: 'person', directory: 'main', id, login: `login-${id}` }) as const

async function acted(
  action: AuditAction,
  time: string,
  result: 'attempted' | 'done' = 'done',
): Promise<void> {
  const event = { tenant, action, actor: person('hugo'), target: person('zoe'), result }
  await audit.record({ ...event, time: new Date(time) })
}

const task = taskOf({
  destination: { directory: 'main' },
  pivots: ['uid'],
  attributes: { pwdAccountLockedTime: {} },
})

test('what was kept for the service desk is told with who set it last, and when', async () => {
  await acted('account.lock', '2026-03-01T10:00:00Z')
  await acted('account.disable', '2026-03-02T10:00:00Z')
  await acted('account.enable', '2026-03-03T10:00:00Z', 'attempted')
  await acted('password.reset', '2026-03-04T10:00:00Z')
  // Somebody who acts is not who was acted on.
  expect(await lastActIn(audit, task, 'hugo')).toBeNull()
  expect(await lastActIn(audit, task, 'alice')).toBeNull()
  const elsewhere = taskOf({ destination: { directory: 'other' }, pivots: ['uid'], attributes: {} })
  expect(await lastActIn(audit, elsewhere, 'zoe')).toBeNull()

  const engine = await startEngine(() => Promise.reject(new Error('nothing is opened')))
  const services = { ...engine.services, lastAct: lastActIn.bind(null, audit) }
  const kept = { kind: 'kept', subject: 'uid=zoe', id: 'zoe', attribute: 'pwdAccountLockedTime' } as const
  expect(await keptTeller({ task, services })([{ ...kept, by: null, at: null }])).toEqual([
    { ...kept, by: 'login-hugo', at: '2026-03-02T10:00:00.000Z' },
  ])
  await engine.close()
})
