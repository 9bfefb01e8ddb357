import { styleText } from 'node:util'
import type { JournalRow, JournalValue } from '../../src/store/sync-journal.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import type { Work } from './command-host.ts'

const PAGE = 500
const states = ['planned', 'sent', 'done', 'failed', 'conflict', 'skipped'] as const

/** Prints the operations of a run with old -> new and the rule that caused each, then what it found. Secrets are not in the journal's text. */
export async function printPlan({ engine }: Work, run: Run, json: boolean): Promise<void> {
  const { journal } = engine.services
  let after = { stage: -1, seq: -1 }
  for (;;) {
    const rows = await journal.next(run.id, after, PAGE, states)
    const last = rows.at(-1)
    if (last === undefined) break
    after = { stage: last.stage, seq: last.seq }
    for (const row of rows)
      process.stdout.write(json ? jsonLine('change', publicRow(row)) : `${describe(row)}\n`)
  }
  let seq = 0
  for (;;) {
    const findings = await journal.findings(run.id, { limit: PAGE, after: seq })
    const last = findings.at(-1)
    if (last === undefined) break
    seq = last.seq
    for (const { kind, subject, detail } of findings) {
      const told = Object.entries(detail).flatMap(([name, value]) =>
        value === null ? [] : [`${name}: ${textOf(value)}`],
      )
      process.stdout.write(
        json
          ? jsonLine('finding', { kind, subject, ...detail })
          : `! ${kind}  ${subject}  ${told.join('; ')}\n`,
      )
    }
  }
}

function publicRow({ kind, name, change, before, why, state, error }: JournalRow) {
  return { kind, name, change, before, why, state, error }
}

const signs = { create: '+', update: '~', rename: '>', delete: '-', disable: '-', enable: '+' } as const

function describe(row: JournalRow): string {
  const { kind, name, change, before, why, state, error } = row
  const head = `${signs[kind]} ${styleText('bold', `${kind} ${name}`, { stream: process.stdout })}${state === 'planned' || state === 'done' ? '' : `  (${state}${error === null ? '' : `: ${error.code} ${error.detail}`})`}`
  const reason = (attribute: string): string => {
    const cause = why[attribute]
    return cause === undefined ? '' : `   (${cause.rule}${cause.from === null ? '' : ` ${cause.from}`})`
  }
  const lines = [
    ...(change.to === undefined ? [] : [`    -> ${change.to}${reason('dn')}`]),
    ...Object.entries(change.attributes ?? {}).map(
      ([attribute, values]) => `    ${attribute}: ${show(values)}${reason(attribute)}`,
    ),
    ...(change.modifications ?? []).map(
      ({ operation, attribute, values }) =>
        `    ${attribute}: ${show(before[attribute] ?? [])} -> ${operation === 'replace' ? '' : `${operation} `}${show(values)}${reason(attribute)}`,
    ),
  ]
  return [head, ...lines].join('\n')
}

function show(values: readonly JournalValue[]): string {
  if (values.length === 0) return '(none)'
  return values
    .map((value) => {
      if (typeof value === 'string') return value
      return 'secret' in value ? '(hidden)' : `(${Buffer.from(value.binary, 'base64').length} bytes)`
    })
    .join(' | ')
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function jsonLine(event: string, value: object): string {
  return `${JSON.stringify({ event, ...value })}\n`
}
