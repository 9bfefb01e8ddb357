import { styleText } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { isMessageKey } from '../../src/messages/message.ts'
import { findingLabel, findingText } from '../../src/store/sync-finding-text.ts'
import type { JournalFinding, JournalRow, JournalValue } from '../../src/store/sync-journal.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { changeStates } from '../../src/store/sync-terms.ts'
import type { Work } from './command-host.ts'
import { minuteOf } from './minute-of.ts'

const PAGE = 500

/** Prints the operations of a run with old -> new and the rule that caused each, then what it found. Secrets are not in the journal's text. */
export async function printPlan({ engine }: Work, run: Run, json: boolean): Promise<void> {
  const { journal } = engine.services
  let after = { stage: -1, seq: -1 }
  for (;;) {
    const rows = await journal.next(run.id, after, PAGE, changeStates)
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
    for (const finding of findings) {
      const { kind, subject, detail } = finding
      process.stdout.write(json ? jsonLine('finding', { kind, subject, ...detail }) : findingLine(finding))
    }
  }
}

function publicRow({ kind, name, change, before, why, state, error }: JournalRow) {
  return { kind, name, change, before, why, state, error }
}

const signs = { create: '+', update: '~', rename: '>', delete: '-', disable: '-', enable: '+' } as const

function describe(row: JournalRow): string {
  const { change, before } = row
  const reason = (attribute: string): string => causeOf(row, attribute)
  const lines = [
    ...(change.to === undefined ? [] : [`    -> ${change.to}${reason('dn')}`]),
    ...Object.entries(change.attributes ?? {}).map(
      ([attribute, values]) => `    ${attribute}: ${show(values)}${reason(attribute)}`,
    ),
    ...(change.modifications ?? []).map(
      ({ operation, attribute, values }) =>
        `    ${attribute}: ${show(before[attribute] ?? [])} -> ${written(operation, show(values))}${reason(attribute)}`,
    ),
  ]
  return [headOf(row), ...lines].join('\n')
}

function headOf({ kind, name, state, error }: JournalRow): string {
  const head = `${signs[kind]} ${styleText('bold', t(`sync.command.change.${kind}`, { name }), { stream: process.stdout })}`
  if (state === 'planned' || state === 'done') return head
  const told = t(`sync.row.${state}`)
  if (error === null) return `${head}  (${told})`
  const text = `${error.code} ${error.detail}`
  return `${head}  (${t('command.labelled', { label: told, text })})`
}

function causeOf({ why }: JournalRow, attribute: string): string {
  const cause = why[attribute]
  if (cause === undefined) return ''
  const key = `sync.command.why.${cause.rule}`
  const rule = isMessageKey(key) ? t(key) : cause.rule
  return `   (${cause.from === null ? rule : `${rule} ${cause.from}`})`
}

function written(operation: 'add' | 'delete' | 'replace', values: string): string {
  return operation === 'replace' ? values : t(`sync.command.${operation}`, { values })
}

function findingLine(finding: JournalFinding): string {
  return `! ${findingLabel(t, finding.kind)}  ${finding.subject}  ${findingText(t, finding, minuteOf)}\n`
}

function show(values: readonly JournalValue[]): string {
  if (values.length === 0) return `(${t('sync.value.none')})`
  return values
    .map((value) => {
      if (typeof value === 'string') return value
      if ('secret' in value) return `(${t('sync.value.hidden')})`
      return `(${t('sync.value.bytes', { count: Buffer.from(value.binary, 'base64').length })})`
    })
    .join(' | ')
}

function jsonLine(event: string, value: object): string {
  return `${JSON.stringify({ event, ...value })}\n`
}
