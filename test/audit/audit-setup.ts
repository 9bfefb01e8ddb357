import { randomBytes } from 'node:crypto'
import { createAudit, type Audit, type AuditOptions } from '../../src/audit/create-audit.ts'
import type { AuditEvent, AuditPerson } from '../../src/audit/event.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase, type Database } from '../../src/store/postgres.ts'
import { createSealer, type Sealer } from '../../src/store/seal.ts'
import { testDatabase } from '../support/postgres.ts'

export type AuditSetup = {
  database: Database
  sealer: Sealer
  /** Another replica on the same database. */
  open(options?: Partial<AuditOptions>): Audit
}

export async function setUpAudit(): Promise<AuditSetup> {
  const { url } = await testDatabase()
  await migrate(url)
  const database = connectDatabase(url)
  const sealer = createSealer([randomBytes(32).toString('hex')])
  return { database, sealer, open: (options = {}) => createAudit({ database, sealer, ...options }) }
}

export function person(login: string): AuditPerson {
  return { kind: 'person', directory: 'main', id: `id-of-${login}`, login }
}

export function resetBy(agent: string, login: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    tenant: 'acme',
    time: new Date('2026-11-25T10:00:00.123Z'),
    action: 'password.reset',
    actor: person(agent),
    target: person(login),
    result: 'done',
    ...more,
  }
}
