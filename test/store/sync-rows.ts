import type { NewJournalRow } from '../../src/store/sync-journal.ts'

/** An ordinary row: two attributes of a person change. */
export function updateRow(seq: number, extra: Partial<NewJournalRow> = {}): NewJournalRow {
  const name = `uid=person${seq},ou=people,dc=acme,dc=example`
  return {
    seq,
    stage: 0,
    kind: 'update',
    name,
    change: {
      kind: 'update',
      name,
      modifications: [
        { operation: 'replace', attribute: 'telephoneNumber', values: [`+33 1 23 45 67 ${seq}`] },
        { operation: 'replace', attribute: 'title', values: ['Cheffe de projet "études"\nà mi-temps'] },
      ],
    },
    before: { telephoneNumber: ['+33 1 00 00 00 00'], title: ['Technicienne'] },
    why: {
      telephonenumber: { rule: 'force', from: 'tasks.people.attributes.telephoneNumber.value' },
      title: { rule: 'source', from: 'title' },
    },
    sealed: null,
    sourceId: `11111111-2222-4333-8444-${String(seq).padStart(12, '0')}`,
    sourceName: `uid=person${seq},ou=staff,dc=source,dc=example`,
    destinationId: `99999999-2222-4333-8444-${String(seq).padStart(12, '0')}`,
    key: `person${seq}`,
    ...extra,
  }
}
