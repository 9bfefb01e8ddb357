import { codeOf } from '../../../src/problems/thrown.ts'
import {
  busy,
  exists,
  givenUp,
  lost,
  type Meaning,
  refused,
  stopped,
  unreachable,
} from './failure-meaning.ts'
import type { SqlFailure } from './sql-session.ts'

const meanings: Readonly<Record<string, Meaning>> = {
  ER_DUP_ENTRY: exists,
  ER_LOCK_DEADLOCK: busy,
  ER_LOCK_WAIT_TIMEOUT: busy,
  ER_CON_COUNT_ERROR: unreachable,
  ER_TOO_MANY_USER_CONNECTIONS: unreachable,
  ER_USER_LIMIT_REACHED: unreachable,
  ER_QUERY_TIMEOUT: stopped,
  ER_STATEMENT_TIMEOUT: stopped,
  PROTOCOL_SEQUENCE_TIMEOUT: givenUp,
  ER_SERVER_SHUTDOWN: lost,
  ER_QUERY_INTERRUPTED: lost,
  ER_CONNECTION_KILLED: lost,
  PROTOCOL_CONNECTION_LOST: lost,
  ECONNRESET: lost,
  EPIPE: lost,
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ENOENT: unreachable,
  EHOSTUNREACH: unreachable,
  ETIMEDOUT: unreachable,
}

export function mysqlFailure(error: unknown): SqlFailure {
  const code = codeOf(error) || 'lost'
  const text = error instanceof Error ? error.message : ''
  const meaning = meanings[code] ?? (code.startsWith('ER_') ? refused : lost)
  return { ...meaning, code, detail: detailOf(code, text) }
}

/** The text quotes values; of it only the names of keys and columns are told. */
function detailOf(code: string, text: string): string {
  if (/^ER_(BAD|NO_SUCH|PARSE|ACCESS|DBACCESS|TABLEACCESS|COLUMNACCESS)/.test(code)) return text
  const named = /for (key|column) '([^']+)'(?: at row \d+)?$/.exec(text)
  return named ? `${named[1]} ${named[2]}` : code
}
