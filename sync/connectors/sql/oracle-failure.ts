import { busy, exists, givenUp, lost, type Meaning, refused, unreachable } from './failure-meaning.ts'
import type { SqlFailure } from './sql-session.ts'

/** By the codes of the server (ORA) and of the driver (NJS). */
const meanings: Readonly<Record<string, Meaning>> = {
  'ORA-00001': exists,
  'ORA-00018': unreachable,
  'ORA-00020': unreachable,
  'ORA-00054': busy,
  'ORA-00060': busy,
  'ORA-08177': busy,
  'ORA-30006': busy,
  'ORA-01013': givenUp,
  'NJS-123': givenUp,
  'ORA-00028': lost,
  'ORA-01033': unreachable,
  'ORA-01034': unreachable,
  'ORA-01089': unreachable,
  'ORA-03113': lost,
  'ORA-03114': lost,
  'NJS-500': lost,
  'NJS-501': lost,
  'NJS-503': unreachable,
  'NJS-510': unreachable,
  'NJS-511': unreachable,
  'NJS-518': unreachable,
  'NJS-530': unreachable,
}

export function oracleFailure(error: unknown): SqlFailure {
  const text = error instanceof Error ? error.message : ''
  const code = /^(?:ORA|NJS|DPY|DPI)-\d+/.exec(text)?.[0] ?? 'lost'
  const meaning = meanings[code] ?? (code === 'lost' ? lost : refused)
  return { ...meaning, code, detail: detailOf(code, text) }
}

/** Since 23ai texts quote values; those of syntax, names and rights do not, and of the others only the constraint or column is told. */
function detailOf(code: string, text: string): string {
  const [line = ''] = text.split('\n')
  if (/^NJS|^ORA-(009|010[0-4]|12[1-5])/.test(code)) return line
  return /constraint \([^)]+\)|"[^"]+"\."[^"]+"(?:\."[^"]+")?/.exec(line)?.[0] ?? code
}
