import { BerReader, ENUMERATED, INTEGER, OCTET_STRING, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { type Control, findControl } from '../control.ts'

/** draft-ietf-ldapext-psearch: a search that goes on with what changes. */
export const PERSISTENT_SEARCH = '2.16.840.1.113730.3.4.3'
const ENTRY_CHANGE = '2.16.840.1.113730.3.4.7'

const CHANGES = { add: 1, delete: 2, modify: 4, modifyDn: 8 } as const
const ALL = 15

export type EntryChange = {
  readonly change: keyof typeof CHANGES
  /** Of a modifyDn. */
  readonly previousDn?: string
  readonly changeNumber?: number
}

/** Critical: a server that ignored it would end. `changesOnly`: not what is there at the beginning. */
export function persistentSearch({ changesOnly = true } = {}): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.integer(ALL)
    writer.boolean(changesOnly)
    writer.boolean(true) // tell what the change was
    writer.end(sequence)
  })
  return { oid: PERSISTENT_SEARCH, critical: true, value }
}

/** The server's side: with each entry. */
export function entryChange({ change, previousDn, changeNumber }: EntryChange): Control {
  const value = berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.enumerated(CHANGES[change])
    if (previousDn !== undefined) writer.text(previousDn)
    if (changeNumber !== undefined) writer.integer(changeNumber)
    writer.end(sequence)
  })
  return { oid: ENTRY_CHANGE, critical: false, value }
}

/** From the controls of an entry. Undefined for one that was there at the beginning. */
export function readEntryChange(controls: readonly Control[]): EntryChange | undefined {
  const value = findControl(controls, ENTRY_CHANGE)?.value
  if (!value) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const number = reader.integer(ENUMERATED)
  const previousDn = reader.peek() === OCTET_STRING ? { previousDn: reader.text() } : {}
  const changeNumber = reader.peek() === INTEGER ? { changeNumber: reader.integer() } : {}
  reader.leave(outer)
  const change = NAMES.get(number)
  return change && { change, ...previousDn, ...changeNumber }
}

const NAMES: ReadonlyMap<number, EntryChange['change']> = new Map([
  [CHANGES.add, 'add'],
  [CHANGES.delete, 'delete'],
  [CHANGES.modify, 'modify'],
  [CHANGES.modifyDn, 'modifyDn'],
])
