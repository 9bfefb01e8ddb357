import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Audit } from '../../src/audit/create-audit.ts'
import { verifyChain, type Anchor, type Verdict } from '../../src/audit/verify-chain.ts'
import type { Queries, SqlValue } from '../../src/store/postgres.ts'
import { resetBy, setUpAudit, type AuditSetup } from './audit-setup.ts'

let setup: AuditSetup
beforeAll(async () => {
  setup = await setUpAudit()
  return () => setup.database.close()
})

const hour = 3_600_000

/** Segments of ten events; the last one is open. */
async function fill(tenant: string, events: number): Promise<Audit> {
  const audit = setup.open({ limits: { events: 10, age: hour } })
  for (let n = 0; n < events; n++) {
    await audit.record(resetBy('hugo', `person${n % 7}`, { tenant, code: `n${n}`, reason: 'because' }))
  }
  return audit
}

/** Does what an intruder with all rights on the database could do, verifies, and undoes it. */
async function verdictAfter(
  tenant: string,
  intrude: (tx: Queries) => Promise<unknown>,
  anchors: readonly Anchor[] = [],
): Promise<Verdict> {
  let verdict: Verdict | undefined
  const undone = setup.database.transaction(async (tx) => {
    await intrude(tx)
    const inside = { ...setup.database, snapshot: <T>(act: (queries: Queries) => Promise<T>) => act(tx) }
    verdict = await verifyChain(inside, setup.sealer, tenant, anchors)
    throw new Error('undo')
  })
  await expect(undone).rejects.toThrow('undo')
  if (verdict === undefined) throw new Error('no verdict')
  return verdict
}

const run = (sql: string, values: SqlValue[]) => async (tx: Queries) => {
  expect(await tx.execute(sql, values)).toBeGreaterThan(0)
}

/** Ways to tamper with events `n` and `m` (n < m) of a trail. */
const tamperings: Record<string, { sql: string; both?: boolean }> = {
  'a changed field': {
    sql: `update audit_events set entry = replace(entry::text, '"n' || ($2::int - 1) || '"', '"other"')::json where tenant = $1 and seq = $2`,
  },
  'a changed character': {
    sql: `update audit_events set entry = overlay(entry::text placing case substr(entry::text, position('"who":"' in entry::text) + 12, 1) when 'z' then 'y' else 'z' end from position('"who":"' in entry::text) + 12 for 1)::json where tenant = $1 and seq = $2`,
  },
  'another layout': {
    sql: 'update audit_events set entry = jsonb(entry)::text::json where tenant = $1 and seq = $2',
  },
  'a removed event': { sql: 'delete from audit_events where tenant = $1 and seq = $2' },
  'removed events': {
    sql: 'delete from audit_events where tenant = $1 and seq between $2 and $3',
    both: true,
  },
  'a removed event, the rest moved up': {
    sql: `with later as (
        update audit_events e set entry = later.entry from audit_events later
        where e.tenant = $1 and later.tenant = $1 and e.seq >= $2 and later.seq = e.seq + 1
      )
      delete from audit_events where tenant = $1 and seq = (select seq from audit_heads where tenant = $1) and seq > $2`,
  },
  'two exchanged events': {
    sql: `update audit_events e set entry = other.entry from audit_events other
      where e.tenant = $1 and other.tenant = $1 and e.seq in ($2, $3) and other.seq = $2::int + $3::int - e.seq`,
    both: true,
  },
  'an event copied over another': {
    sql: `update audit_events set entry = (select entry from audit_events where tenant = $1 and seq = $3) where tenant = $1 and seq = $2`,
    both: true,
  },
  'a tail cut off, and the head put back to it': {
    sql: `with cut as (delete from audit_events where tenant = $1 and seq > $2 returning seq, entry)
      update audit_heads set seq = $2, hash = (select entry ->> 'prev' from cut where seq = $2::int + 1) where tenant = $1`,
  },
}

describe('the verification of a trail', () => {
  test('finds every one of a thousand random edits, removals, exchanges and cuts', async () => {
    const events = 45
    await fill('tampered', events)
    const random = (below: number) => Math.floor(Math.random() * below)
    const kinds = Object.entries(tamperings)
    const unnoticed: string[] = []
    for (let round = 0; round < 1000; round++) {
      const [kind = '', { sql, both = false } = { sql: '' }] = kinds[round % kinds.length] ?? []
      const n = 1 + random(events - 1)
      const m = n + 1 + random(events - n)
      const verdict = await verdictAfter('tampered', run(sql, both ? ['tampered', n, m] : ['tampered', n]))
      if (verdict.ok) unnoticed.push(`${kind} ${n} ${m}`)
    }
    expect(unnoticed).toEqual([])
    expect(await verdictAfter('tampered', async () => {})).toMatchObject({ ok: true, events })
  })

  test.each([
    [
      'a foreign event at the end',
      `insert into audit_events (tenant, seq, entry) select tenant, seq + 1, entry from audit_events where tenant = $1 and seq = 25`,
    ],
    ['a removed head', 'delete from audit_heads where tenant = $1'],
    ['a segment without its row', 'delete from audit_segments where tenant = $1 and segment = 1'],
    ['a moved end of a segment', 'update audit_segments set last_seq = 9 where tenant = $1 and segment = 1'],
    [
      'a segment said to be purged',
      `update audit_segments set purge_mac = mac where tenant = $1 and segment = 1`,
    ],
    [
      'a head of another time',
      `update audit_heads set opened_at = opened_at + interval '1 s' where tenant = $1`,
    ],
  ])('finds %s', async (_what, sql) => {
    await fill(_what, 25)
    expect(await verdictAfter(_what, run(sql, [_what]))).toMatchObject({ ok: false })
    expect(await verdictAfter(_what, async () => {})).toMatchObject({ ok: true, events: 25 })
  })

  test('shows against what was noted outside that a whole trail was put back or removed', async () => {
    const closed: Anchor[] = []
    const audit = setup.open({
      limits: { events: 10, age: hour },
      onClosed: ({ seq, hash }) => closed.push({ seq, hash }),
    })
    for (let n = 0; n < 12; n++) await audit.record(resetBy('hugo', 'alice', { tenant: 'noted' }))
    expect(closed).toEqual([{ seq: 10, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }])
    expect(await audit.verify('noted', closed)).toMatchObject({ ok: true })
    const removeAll = async (tx: Queries) => {
      for (const table of ['audit_events', 'audit_segments', 'audit_heads']) {
        await tx.execute(`delete from ${table} where tenant = 'noted'`)
      }
    }
    expect(await verdictAfter('noted', removeAll)).toMatchObject({ ok: true, events: 0 })
    expect(await verdictAfter('noted', removeAll, closed)).toMatchObject({ ok: false })
    const [anchor] = closed
    const forged = [{ seq: anchor?.seq ?? 0, hash: 'f'.repeat(64) }]
    expect(await audit.verify('noted', forged)).toMatchObject({ ok: false })
  })

  test('does not append to a head that is not ours', async () => {
    await fill('forged', 3)
    await setup.database.execute(`update audit_heads set hash = repeat('0', 64) where tenant = 'forged'`)
    const record = setup.open().record(resetBy('hugo', 'alice', { tenant: 'forged' }))
    await expect(record).rejects.toMatchObject({ code: 'audit-unavailable' })
  })

  test('may run while events are written', async () => {
    const audit = setup.open()
    const writes = Promise.all(
      Array.from({ length: 300 }, (_, n) => audit.record(resetBy('hugo', `p${n % 5}`, { tenant: 'live' }))),
    )
    for (let n = 0; n < 5; n++) expect(await audit.verify('live')).toMatchObject({ ok: true })
    await writes
    expect(await audit.verify('live')).toMatchObject({ ok: true, events: 300 })
  })
})

const count = z.object({ n: z.coerce.number() })

describe('retention', () => {
  const retention = { kind: 'system', id: 'retention' } as const

  test('removes whole old segments, says so in the trail, and the trail still verifies', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    const audit = setup.open({ limits: { events: 10, age: hour }, clock: () => now })
    const write = (n: number) =>
      audit.record(resetBy('hugo', 'alice', { tenant: 'kept', time: now, code: `n${n}` }))
    for (let n = 1; n <= 15; n++) await write(n)
    now = new Date('2026-02-01T00:00:00Z')
    await write(16)
    const purge = (before: string) =>
      audit.purge({ tenant: 'kept', actor: retention, before: new Date(before) })

    expect(await purge('2025-12-31')).toBe(0)
    expect(await purge('2026-01-15')).toBe(15)
    const { items } = await audit.list('kept', { limit: 10 })
    expect(items.map(({ id, action, result, code }) => [id, action, result, code])).toEqual([
      ['18', 'audit.purge', 'done', 'events 1-15'],
      ['17', 'audit.purge', 'attempted', 'events 1-15'],
      ['16', 'password.reset', 'done', 'n16'],
    ])
    expect(await audit.verify('kept')).toMatchObject({ ok: true, events: 3 })
    expect(await purge('2026-01-15')).toBe(0)

    // What was purged must not be filled again by others.
    const refill = run(
      `insert into audit_events (tenant, seq, entry) select tenant, 7, entry from audit_events where tenant = $1 and seq = 16`,
      ['kept'],
    )
    expect(await verdictAfter('kept', refill)).toMatchObject({ ok: false })
  })

  test('also reaches a trail that nobody writes to any more', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    const audit = setup.open({ limits: { events: 10, age: hour }, clock: () => now })
    for (let n = 1; n <= 3; n++) await audit.record(resetBy('hugo', 'alice', { tenant: 'quiet', time: now }))
    now = new Date('2027-01-01T00:00:00Z')
    expect(await audit.purge({ tenant: 'quiet', actor: retention, before: new Date('2026-06-01') })).toBe(3)
    expect(await audit.verify('quiet')).toMatchObject({ ok: true, events: 2 })
    const rows = await setup.database.query(
      count,
      `select count(*) as n from audit_events where tenant = 'quiet'`,
    )
    expect(rows).toEqual([{ n: 2 }])
  })
})
