import type {
  JournalAttributes,
  JournalChange,
  JournalRow,
  JournalValue,
  NewJournalRow,
} from '../../src/store/sync-journal.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Attributes, Change, PlannedChange } from '../plan/change.ts'
import type { Value, Values } from '../record.ts'
import { isSecretAttribute } from './secret-attributes.ts'

/** How operations are kept in the journal: readable, but for secrets, which are sealed for their run. */
export interface JournalCodec {
  encode(planned: PlannedChange, seq: number): NewJournalRow
  decode(row: JournalRow): { readonly change: Change; readonly before: Attributes }
  /** What a row keeps of a whole record, read just before it is deleted. */
  encodeBefore(row: JournalRow, before: Attributes): { before: JournalAttributes; sealed: string | null }
}

export function createJournalCodec(
  sealer: Sealer,
  { tenant, run }: { tenant: string; run: string },
): JournalCodec {
  const context = (seq: number): string[] => [tenant, run, String(seq)]
  const seal = (secrets: readonly Value[], seq: number): string | null =>
    secrets.length === 0
      ? null
      : sealer.seal('synchronization', context(seq), JSON.stringify(secrets.map(plainValue)))
  const open = ({ sealed, seq }: JournalRow): Values => {
    if (sealed === null) return []
    const secrets: unknown = JSON.parse(sealer.open('synchronization', context(seq), sealed).toString())
    return Array.isArray(secrets) ? secrets.map(valueOf) : []
  }
  return {
    encode(planned, seq) {
      const secrets: Value[] = []
      const { change, source, destination, key, stage } = planned
      return {
        seq,
        stage,
        kind: change.kind,
        name: change.name,
        change: encodeChange(change, secrets),
        before: encodeAttributes(planned.before, secrets),
        why: Object.fromEntries(planned.why),
        sourceId: source?.id ?? null,
        sourceName: source?.name ?? null,
        destinationId: destination?.id ?? null,
        key,
        sealed: seal(secrets, seq),
      }
    },
    decode(row) {
      const secrets = open(row)
      return { change: decodeChange(row.change, secrets), before: decodeAttributes(row.before, secrets) }
    },
    encodeBefore(row, before) {
      const secrets: Value[] = [...open(row)]
      return { before: encodeAttributes(before, secrets), sealed: seal(secrets, row.seq) }
    },
  }
}

function encodeChange(change: Change, secrets: Value[]): JournalChange {
  switch (change.kind) {
    case 'create':
      return { kind: 'create', name: change.name, attributes: encodeAttributes(change.attributes, secrets) }
    case 'update': {
      const modifications = change.modifications.map(({ operation, attribute, values }) => ({
        operation,
        attribute,
        values: encodeValues(attribute, values, secrets),
      }))
      return { kind: 'update', name: change.name, modifications }
    }
    default:
      return change
  }
}

function decodeChange(change: JournalChange, secrets: Values): Change {
  const { kind, name } = change
  switch (kind) {
    case 'create':
      return { kind, name, attributes: decodeAttributes(change.attributes ?? {}, secrets) }
    case 'update': {
      const modifications = (change.modifications ?? []).map(({ operation, attribute, values }) => ({
        operation,
        attribute,
        values: values.map((value) => decodeValue(value, secrets)),
      }))
      return { kind, name, modifications }
    }
    case 'rename':
      return { kind, name, to: change.to ?? name }
    case 'delete':
      return { kind, name, subtree: change.subtree ?? false }
    default:
      return { kind, name }
  }
}

function encodeAttributes(attributes: Attributes, secrets: Value[]): JournalAttributes {
  const encoded: Record<string, readonly JournalValue[]> = {}
  for (const [attribute, values] of attributes) encoded[attribute] = encodeValues(attribute, values, secrets)
  return encoded
}

function encodeValues(attribute: string, values: Values, secrets: Value[]): readonly JournalValue[] {
  if (isSecretAttribute(attribute)) return values.map((value) => ({ secret: secrets.push(value) - 1 }))
  return values.map(plainValue)
}

function plainValue(value: Value): string | { binary: string } {
  return typeof value === 'string' ? value : { binary: value.toString('base64') }
}

function decodeAttributes(attributes: JournalAttributes, secrets: Values): Attributes {
  return new Map(
    Object.entries(attributes).map(([name, values]) => [
      name,
      values.map((value) => decodeValue(value, secrets)),
    ]),
  )
}

function decodeValue(value: JournalValue, secrets: Values): Value {
  if (typeof value === 'string') return value
  return 'binary' in value ? Buffer.from(value.binary, 'base64') : (secrets[value.secret] ?? '')
}

function valueOf(plain: unknown): Value {
  if (typeof plain === 'string') return plain
  const isBinary = typeof plain === 'object' && plain !== null && 'binary' in plain
  return isBinary && typeof plain.binary === 'string' ? Buffer.from(plain.binary, 'base64') : ''
}
