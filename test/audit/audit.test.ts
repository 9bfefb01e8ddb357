import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSealer } from '../../src/store/seal.ts'
import { person, resetBy, setUpAudit, type AuditSetup } from './audit-setup.ts'

let setup: AuditSetup
beforeAll(async () => {
  setup = await setUpAudit()
  return () => setup.database.close()
})

describe('the audit trail', () => {
  test('tells who did what to whom, with which result and why', async () => {
    const audit = setup.open()
    const facts = {
      code: 'x',
      requestId: 'r-1',
      address: '192.0.2.7',
      client: 'portal',
      reason: 'forgot — twice',
    }
    const id = await audit.record(resetBy('hugo', 'alice', { tenant: 'facts', ...facts }))
    expect((await audit.list('facts', { limit: 10 })).items).toEqual([
      {
        id,
        time: new Date('2026-11-25T10:00:00.123Z'),
        action: 'password.reset',
        result: 'done',
        actor: {
          kind: 'person',
          pseudonym: expect.any(String),
          directory: 'main',
          id: 'id-of-hugo',
          login: 'hugo',
        },
        target: {
          kind: 'person',
          pseudonym: expect.any(String),
          directory: 'main',
          id: 'id-of-alice',
          login: 'alice',
        },
        ...facts,
      },
    ])
  })

  test('keeps names and reasons out of the tables', async () => {
    const event = resetBy('secret-agent', 'secret-person', { tenant: 'closed', reason: 'secret reason' })
    await setup.open().record(event)
    const tables = ['audit_events', 'audit_people', 'audit_heads']
    for (const table of tables) {
      const rows = await setup.database.query(
        z.object({ row: z.string() }),
        `select t::text as row from ${table} t`,
      )
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ row }) => row.includes('secret'))).toEqual([])
    }
  })

  test('has clients, the system and strangers as actors, and reasons without a person', async () => {
    const audit = setup.open()
    const base = { tenant: 'actors', time: new Date(), action: 'sign-in', result: 'refused' } as const
    await audit.record({ ...base, actor: { kind: 'anonymous' }, code: 'unknown' })
    await audit.record({ ...base, actor: { kind: 'client', id: 'cli' }, reason: 'why not' })
    await audit.record({
      ...base,
      actor: { kind: 'system', id: 'retention' },
      target: person('alice'),
      reason: 'old',
    })
    const { items } = await audit.list('actors', { limit: 10 })
    expect(items.map(({ actor, reason }) => ({ actor, reason }))).toEqual([
      { actor: { kind: 'system', id: 'retention' }, reason: 'old' },
      { actor: { kind: 'client', id: 'cli' }, reason: 'why not' },
      { actor: { kind: 'anonymous' }, reason: null },
    ])
  })

  test('takes what strangers send, whatever it is, without stopping', async () => {
    const audit = setup.open()
    const odd = [
      '\0',
      '\ud800',
      '"}\n{"v":1}',
      '\u202e\r\n2026 fake line',
      'x'.repeat(100_000),
      "'; drop table audit_events; --",
    ]
    await Promise.all(
      odd.map((text) =>
        audit.record(
          resetBy('hugo', 'alice', { tenant: 'odd', requestId: text, client: text, reason: text }),
        ),
      ),
    )
    const { items } = await audit.list('odd', { limit: 10 })
    expect(items.map(({ requestId }) => requestId).toReversed()).toEqual([
      '\uFFFD',
      '\uFFFD',
      ...odd.slice(2).map((text) => text.slice(0, 1000)),
    ])
    expect(await audit.verify('odd')).toMatchObject({ ok: true, events: odd.length })
  })

  test('gives each event a number of its own, in order, also when replicas write at once', async () => {
    const replicas = [setup.open(), setup.open(), setup.open()]
    const writes = replicas.flatMap((replica, index) =>
      Array.from({ length: 200 }, (_, n) =>
        replica.record(resetBy(`agent${index}`, `person${n % 20}`, { tenant: 'busy' })),
      ),
    )
    const ids = (await Promise.all(writes)).map(Number)
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, n) => n + 1))
    expect(ids.slice(0, 200)).toEqual(ids.slice(0, 200).toSorted((a, b) => a - b))
    expect(await replicas[0]?.verify('busy')).toMatchObject({ ok: true, events: 600 })
    const people = await setup.database.query(
      z.object({ n: z.coerce.number() }),
      `select count(*) as n from audit_people where tenant = 'busy'`,
    )
    expect(people).toEqual([{ n: 23 }])
  })
})

test('the audit trail goes on, and reads and verifies as one, when the configured key is rotated', async () => {
  const [oldKey, key] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const limits = { events: 3, age: 3_600_000 }
  const before = setup.open({ sealer: createSealer([oldKey]), limits })
  for (let n = 0; n < 4; n++) await before.record(resetBy('hugo', 'alice', { tenant: 'keys', reason: 'old' }))
  const after = setup.open({ sealer: createSealer([key, oldKey]), limits })
  for (let n = 0; n < 4; n++) await after.record(resetBy('hugo', 'alice', { tenant: 'keys', reason: 'new' }))
  const { items } = await after.list('keys', { limit: 10, person: person('alice') })
  expect(items.map(({ reason }) => reason)).toEqual(['new', 'new', 'new', 'new', 'old', 'old', 'old', 'old'])
  expect(new Set(items.map(({ target }) => target?.kind === 'person' && target.pseudonym)).size).toBe(1)
  expect(await after.verify('keys')).toMatchObject({ ok: true, events: 8 })
})

describe('reading the audit trail', () => {
  test('goes through all pages, newest first, each event once', async () => {
    const audit = setup.open()
    for (let n = 0; n < 25; n++) await audit.record(resetBy('hugo', `p${n}`, { tenant: 'pages' }))
    const seen: string[] = []
    let after: string | null | undefined
    do {
      const page = await audit.list('pages', { limit: 10, ...(after ? { after } : {}) })
      seen.push(...page.items.map(({ id }) => id))
      after = page.next
    } while (after !== null)
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => String(25 - n)))
  })

  test('finds by action, by person on either side, by time, and nothing of another tenant', async () => {
    const audit = setup.open()
    const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour))
    await audit.record(resetBy('hugo', 'alice', { tenant: 'find', time: at(1) }))
    await audit.record(resetBy('alice', 'bob', { tenant: 'find', time: at(2), action: 'account.unlock' }))
    await audit.record(resetBy('hugo', 'bob', { tenant: 'find', time: at(3) }))
    const find = async (query: object, tenant = 'find') =>
      (await audit.list(tenant, { limit: 10, ...query })).items.map(({ id }) => id)
    expect(await find({ action: 'password.reset' })).toEqual(['3', '1'])
    expect(await find({ person: person('alice') })).toEqual(['2', '1'])
    expect(await find({ person: person('nobody') })).toEqual([])
    expect(await find({ from: at(2), to: at(3) })).toEqual(['2'])
    expect(await find({ person: person('alice') }, 'another')).toEqual([])
  })
})

describe('a person who is forgotten', () => {
  test('stays in the trail without a name, and the trail still verifies', async () => {
    const [audit, replica] = [setup.open(), setup.open()]
    await audit.record(resetBy('hugo', 'alice', { tenant: 'forget', reason: 'about alice' }))
    await replica.record(
      resetBy('alice', 'bob', { tenant: 'forget', action: 'account.lock', reason: 'about bob' }),
    )
    await audit.forget({
      tenant: 'forget',
      actor: { kind: 'system', id: 'privacy' },
      person: person('alice'),
    })
    const { items } = await replica.list('forget', { limit: 10 })
    expect(items.map(({ action, result, reason }) => ({ action, result, reason }))).toEqual([
      { action: 'audit.forget', result: 'done', reason: null },
      { action: 'audit.forget', result: 'attempted', reason: null },
      { action: 'account.lock', result: 'done', reason: 'about bob' },
      { action: 'password.reset', result: 'done', reason: null },
    ])
    const nameless = { kind: 'person', pseudonym: expect.any(String), directory: null, id: null, login: null }
    expect(items[3]).toMatchObject({ actor: { login: 'hugo' }, target: nameless })
    expect(items[2]).toMatchObject({ actor: nameless, target: { login: 'bob' } })
    expect(await audit.verify('forget')).toMatchObject({ ok: true, events: 4 })
  })

  test('gets a new pseudonym when they come back', async () => {
    const audit = setup.open()
    await audit.record(resetBy('hugo', 'alice', { tenant: 'back' }))
    await audit.forget({ tenant: 'back', actor: { kind: 'system', id: 'privacy' }, person: person('alice') })
    await audit.record(resetBy('hugo', 'alice', { tenant: 'back' }))
    const { items } = await audit.list('back', { limit: 10, person: person('alice') })
    expect(items.map(({ id }) => id)).toEqual(['4'])
  })
})
