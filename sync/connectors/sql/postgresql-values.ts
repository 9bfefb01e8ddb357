import type { FieldDef, Pool } from 'pg'
import type { Cell, Column, ColumnType } from './sql-session.ts'

/** A value as PostgreSQL writes it. */
export type Raw = string | null

export type KnownTypes = (fields: readonly FieldDef[]) => Column[]

const columnTypes: Readonly<Record<string, ColumnType>> = {
  bool: 'boolean',
  bytea: 'binary',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  date: 'date',
  timestamp: 'time',
  timestamptz: 'moment',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  citext: 'text',
}

/** What the database calls its types: those of arrays and extensions have numbers of their own in each. */
export async function readTypes(pool: Pool): Promise<KnownTypes> {
  const { rows } = await pool.query<string[]>({
    text: `select t.oid::text, coalesce(e.typname, t.typname), (e.oid is not null)::text
      from pg_type t left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'`,
    rowMode: 'array',
  })
  const known = new Map(rows.map(([oid = '', name = '', isArray]) => [Number(oid), { name, isArray }]))
  return (fields) =>
    fields.map(({ name, dataTypeID }) => {
      const type = known.get(dataTypeID)
      return { name, type: columnTypes[type?.name ?? ''] ?? 'other', isArray: type?.isArray === 'true' }
    })
}

export function cellsOf(row: readonly Raw[], columns: readonly Column[]): Cell[] {
  return row.map((raw, index) => {
    const column = columns[index]
    if (raw === null || column === undefined) return null
    if (!column.isArray) return cellOf(raw, column.type)
    return arrayTexts(raw).map((each) => (each === null ? null : cellOf(each, column.type)))
  })
}

/** `{a,NULL,"b, c"}`, also of several dimensions (PostgreSQL manual, 8.15.6). */
function arrayTexts(raw: string): (string | null)[] {
  const withoutBounds = raw.replace(/^\[[^=]*=/, '')
  return [...withoutBounds.matchAll(/"((?:[^"\\]|\\.)*)"|[^{},"]+/gs)].map(([text, quoted]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/gs, '$1')
    return text === 'NULL' ? null : text
  })
}

function cellOf(raw: string, type: ColumnType): string | Buffer {
  if (type === 'boolean') return raw === 't' ? 'TRUE' : 'FALSE'
  if (type === 'binary') return Buffer.from(raw.slice(String.raw`\x`.length), 'hex')
  // `2026-08-31 12:00:00+00`: the zone was set to UTC.
  if (type === 'moment') return raw.replace(/\+00(?::00)?$/, '')
  return raw
}
