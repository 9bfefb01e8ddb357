import { DatabaseError } from 'pg'
import { codeOf } from '../../../src/problems/thrown.ts'
import { busy, exists, lost, type Meaning, refused, stopped, unreachable } from './failure-meaning.ts'
import type { SqlFailure } from './sql-session.ts'

/** By SQLSTATE, the more special first (PostgreSQL manual, appendix A). */
const meanings: Readonly<Record<string, Meaning>> = {
  '23505': exists,
  '40001': busy,
  '40P01': busy,
  '55P03': busy,
  '57014': stopped,
  '57P01': lost,
  '57P02': lost,
  '57P03': unreachable,
  '08': lost,
  '53': busy,
}

export function postgresqlFailure(error: unknown): SqlFailure {
  if (!(error instanceof DatabaseError)) return networkFailure(error)
  const { code = '', schema, table, column, constraint, dataType, message } = error
  const meaning = meanings[code] ?? meanings[code.slice(0, 2)] ?? refused
  // Of class 42 the text names tables and columns; that of the others may quote a value.
  const said = code.startsWith('42') || code.startsWith('28') ? message : ''
  const about = Object.entries({ schema, table, column, constraint, type: dataType })
  const named = about.flatMap(([what, name]) => (name === undefined ? [] : [`${what} ${name}`]))
  return { ...meaning, code: `SQLSTATE ${code}`, detail: [said, ...named].filter(Boolean).join(', ') || code }
}

/** Without a word of the server: it was not reached, or lost in the middle. */
function networkFailure(error: unknown): SqlFailure {
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : String(error)
  const isUnreached = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENOENT|EHOSTUNREACH|ETIMEDOUT)$/.test(code)
  if (isUnreached || /timeout exceeded when trying to connect/.test(text))
    return { incomplete: 'unreachable', apply: 'busy', code: code || 'timeout', detail: text }
  return { ...lost, code: code || 'lost', detail: text }
}
