import type { NewJournalRow } from '../../../src/store/sync-journal.ts'
import { updateRow } from '../../store/sync-rows.ts'
import type { SyncSite } from './sync-site.ts'

const base = 'ou=people,dc=acme,dc=example'
const gone = { dn: { rule: 'gone-from-source', from: null } }

const rows: NewJournalRow[] = [
  updateRow(0, {
    kind: 'create',
    name: `uid=clefevre,${base}`,
    change: {
      kind: 'create',
      name: `uid=clefevre,${base}`,
      attributes: {
        cn: ['Claire Lefèvre'],
        jpegPhoto: [{ binary: Buffer.alloc(2_345).toString('base64') }],
        userPassword: [{ secret: 0 }],
      },
    },
    before: {},
    why: {
      cn: { rule: 'source', from: 'cn' },
      userPassword: { rule: 'create', from: 'tasks.people.attributes.userPassword.create' },
    },
    sealed: 'k.sealed-secret',
  }),
  updateRow(1),
  updateRow(2, {
    change: {
      kind: 'update',
      name: `uid=person2,${base}`,
      modifications: [
        { operation: 'delete', attribute: 'mail', values: ['old@acme.example'] },
        { operation: 'add', attribute: 'mail', values: ['<b>new</b>@acme.example'] },
        { operation: 'replace', attribute: 'userPassword', values: [{ secret: 1 }] },
      ],
    },
    before: {
      mail: ['old@acme.example', 'kept@acme.example', 'also@acme.example'],
      userPassword: [{ secret: 0 }],
    },
    why: { Mail: { rule: 'force', from: 'tasks.people.attributes.mail.force' } },
  }),
  updateRow(3, {
    kind: 'rename',
    change: { kind: 'rename', name: `uid=person3,${base}`, to: `uid=marie,${base}` },
    before: {},
    why: { dn: { rule: 'name', from: 'tasks.people.entryName' } },
  }),
  updateRow(4, {
    kind: 'disable',
    change: { kind: 'disable', name: `uid=person4,${base}` },
    before: {},
    why: gone,
  }),
  updateRow(5, {
    kind: 'delete',
    change: { kind: 'delete', name: `uid=person5,${base}`, subtree: false },
    before: { cn: ['Person Five'], userPassword: [{ secret: 0 }] },
    why: gone,
    sourceId: null,
    sourceName: null,
  }),
]

/** A journal with a change of every kind, with bytes, a secret, markup and an error; numbered from `first`. */
export async function fillJournal(
  { journal }: Pick<SyncSite, 'journal'>,
  run: string,
  first = 0,
): Promise<void> {
  await journal.append(
    run,
    rows.map((row) => ({ ...row, seq: first + row.seq })),
  )
  await journal.mark(run, [
    { seq: first + 1, state: 'done' },
    {
      seq: first + 2,
      state: 'failed',
      error: { code: 'LDAP 19 constraintViolation', detail: 'no such value allowed' },
    },
    { seq: first + 3, state: 'conflict' },
  ])
}
