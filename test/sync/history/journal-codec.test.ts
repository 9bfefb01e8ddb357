import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { JournalRow, NewJournalRow } from '../../../src/store/sync-journal.ts'
import { createSealer } from '../../../src/store/seal.ts'
import { createJournalCodec } from '../../../sync/history/journal-codec.ts'
import type { Attributes, Change, PlannedChange } from '../../../sync/plan/change.ts'

const sealer = createSealer([randomBytes(32).toString('hex')])
const codec = createJournalCodec(sealer, { tenant: 'acme', run: 'run-1' })

const planned = (change: Change, before: Attributes = new Map()): PlannedChange => ({
  stage: 1,
  change,
  source: { id: 's', name: 'source' },
  destination: null,
  key: 'uid=a',
  before,
  why: new Map(),
})
/** As it comes back from the store: through JSON. */
function stored(row: NewJournalRow): JournalRow {
  const { change, before }: Pick<NewJournalRow, 'change' | 'before'> = JSON.parse(
    JSON.stringify({ change: row.change, before: row.before }),
  )
  return { ...row, change, before, state: 'planned', attempts: 0, error: null }
}

const name = 'uid=a,dc=example'
const photo = Buffer.from([0xff, 0xd8, 0, 0xff])
const changes: Change[] = [
  {
    kind: 'create',
    name,
    attributes: new Map<string, (string | Buffer)[]>([
      ['cn', ['Zoé', '']],
      ['jpegPhoto', [photo]],
      ['userPassword', ['secret-1', Buffer.from('secret-2')]],
    ]),
  },
  {
    kind: 'update',
    name,
    modifications: [
      { operation: 'delete', attribute: 'mail', values: ['a@example.org'] },
      { operation: 'replace', attribute: 'unicodePwd', values: ['secret-3'] },
      { operation: 'replace', attribute: 'sn', values: [] },
    ],
  },
  { kind: 'rename', name, to: 'uid=b,dc=example' },
  { kind: 'delete', name, subtree: true },
  { kind: 'disable', name },
  { kind: 'enable', name },
]

describe('an operation comes back from the journal as it was planned', () => {
  test.each(changes)('$kind', (change) => {
    const before = new Map<string, (string | Buffer)[]>([
      ['userPassword', ['{SSHA}secret-0']],
      ['sn', ['Noir']],
      ['jpegPhoto', [photo]],
    ])
    expect(codec.decode(stored(codec.encode(planned(change, before), 7)))).toEqual({ change, before })
  })
})

test('nobody who reads the journal sees a secret, in clear or in base64', () => {
  const before = new Map([['sambaNTPassword', ['secret-4']]])
  for (const change of changes) {
    const { sealed, ...visible } = codec.encode(planned(change, before), 7)
    const text = JSON.stringify(visible)
    for (const secret of ['secret-1', 'secret-2', 'secret-3', 'secret-4']) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    }
    expect(sealed).not.toBeNull()
  }
})

test('a row without secrets has nothing sealed', () => {
  expect(codec.encode(planned({ kind: 'rename', name, to: 'uid=b' }), 7).sealed).toBeNull()
})

test('what was sealed for a row opens for no other row, run or tenant', () => {
  const [change] = changes
  if (change === undefined) throw new Error('no change')
  const row = stored(codec.encode(planned(change), 7))
  expect(() => codec.decode({ ...row, seq: 8 })).toThrow('does not open')
  for (const other of [
    { tenant: 'acme', run: 'run-2' },
    { tenant: 'umbrella', run: 'run-1' },
  ])
    expect(() => createJournalCodec(sealer, other).decode(row)).toThrow('does not open')
})

test('the whole record that is kept before a delete has its secrets sealed as well', () => {
  const row = stored(codec.encode(planned({ kind: 'delete', name, subtree: false }), 7))
  const whole = new Map([
    ['cn', ['A']],
    ['userPassword', ['{SSHA}of-the-whole']],
  ])
  const kept = codec.encodeBefore(row, whole)
  expect(JSON.stringify(kept.before)).not.toContain('of-the-whole')
  expect(codec.decode({ ...row, ...kept }).before).toEqual(whole)
})
