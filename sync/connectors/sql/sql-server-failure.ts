import { codeOf } from '../../../src/problems/thrown.ts'
import { busy, exists, givenUp, lost, type Meaning, refused, unreachable } from './failure-meaning.ts'
import type { SqlFailure } from './sql-session.ts'

/** By the numbers of the server, and the codes of the driver. */
const meanings: Readonly<Record<string, Meaning>> = {
  '2601': exists,
  '2627': exists,
  '1204': busy,
  '1205': busy,
  '1222': busy,
  '3960': busy,
  '10928': busy,
  '10929': busy,
  '40501': busy,
  '40613': unreachable,
  '6005': lost,
  ETIMEOUT: givenUp,
  ECLOSE: lost,
  ECONNRESET: lost,
  EINVALIDSTATE: lost,
  ESOCKET: lost,
  EINSTLOOKUP: unreachable,
  ECONNREFUSED: unreachable,
  ELOGIN: refused,
}

export function sqlServerFailure(error: unknown): SqlFailure {
  const said = error instanceof Error ? error : new Error('')
  const number = 'number' in said && typeof said.number === 'number' ? String(said.number) : undefined
  const code = number ?? (codeOf(said) || 'lost')
  // Of the class, not of the module: that may not be installed.
  const isConnecting = said.name === 'ConnectionError' || said.constructor.name === 'ConnectionError'
  const known = isConnecting && (code === 'ESOCKET' || code === 'ETIMEOUT') ? unreachable : meanings[code]
  const meaning = known ?? (number === undefined ? lost : refused)
  return {
    ...meaning,
    code: number === undefined ? code : `SQL Server ${code}`,
    detail: detailOf(code, said.message),
  }
}

/** Texts quote values; those of names, rights and connections do not, and of the others only the constraint, table or column is told. */
function detailOf(code: string, text: string): string {
  if (/^E|^(102|156|207|208|229|230|262|916|4060|18\d{3})$/.test(code)) return text
  const named = text.match(/(?:constraint|column|object|index|table) ['"][^'"]+['"]/gi)
  return named ? named.join(', ') : code
}
