import { Buffer } from 'node:buffer'
import type { RecordFault } from '../connector.ts'
import type { ReadRow } from '../merge-rows.ts'
import { makeRecord, type Values } from '../../record.ts'
import type { CsvLayout } from './csv-layout.ts'

/** The record of one line, or why it is none: told by line and column, never by value. */
export function readRow(line: number, fields: readonly string[], layout: CsvLayout): ReadRow {
  const place = `line ${line}`
  const isPadded = fields.slice(layout.width).every((field) => field.trim() === '')
  if (fields.length < layout.width || !isPadded)
    return { fault: { place, text: `${fields.length} columns instead of ${layout.width}` } }
  const key = detached((fields[layout.key] ?? '').trim())
  const attributes = new Map<string, Values>()
  let fault: RecordFault | undefined = fieldFault(
    place,
    layout.key,
    key === '' ? 'no key' : notText(key),
    layout,
  )
  if (fault) return { fault }
  for (const { index, name, read } of layout.columns) {
    const text = fields[index] ?? ''
    const values = read(text)
    fault ??= fieldFault(place, index, values === undefined ? 'not a date' : notText(text), layout)
    if (values === undefined || values.length === 0) continue
    const before = attributes.get(name)
    attributes.set(name, before === undefined ? values : [...new Set([...before, ...values])])
  }
  const record = makeRecord(key, attributes)
  return fault ? { fault: { ...fault, record } } : { record }
}

function fieldFault(
  place: string,
  index: number,
  text: string | undefined,
  layout: CsvLayout,
): RecordFault | undefined {
  return text === undefined ? undefined : { place, column: layout.nameOf(index), text }
}

function notText(text: string): string | undefined {
  return text.includes('\uFFFD') ? 'bytes that are not UTF-8' : undefined
}

/** A copy: what is cut out of the text of a file keeps all of that text in memory, and keys are kept. */
function detached(text: string): string {
  return Buffer.from(text).toString()
}
