/** What the statements of a databaseDestinationService write. */
export type WrittenTable = {
  readonly table: string
  readonly key: string
  /** Columns by the attribute that each is given. */
  readonly columns: ReadonlyMap<string, string>
}

const insertForm = /^\s*INSERT\s+INTO\s+([\w."`]+)\s*\(([^()]*)\)\s*VALUES\s*\(([^()]*)\)\s*$/i
const deleteForm = /^\s*DELETE\s+FROM\s+([\w."`]+)\s+WHERE\s+([\w."`]+)\s*=\s*#(\w+)(?::[^#]*)?#\s*$/i
const comparison = /([\w."`]+)\s*=\s*#(\w+)(?::[^#]*)?#/g

/**
 * The table that an INSERT and a DELETE write, of which `one` finds a row. Answers a text for statements that do more than put values into one table by its key.
 */
export function tableOf(insert: string, remove: string, one: string): WrittenTable | string {
  const [, table, names = '', given = ''] = insertForm.exec(insert) ?? []
  const [, from, deletedBy = '', parameter] = deleteForm.exec(remove) ?? []
  const [found, ...others] = one.matchAll(comparison)
  if (table === undefined || from === undefined || found === undefined || others.length > 0)
    return 'its statements have to be INSERT INTO table (columns) VALUES (#values#), DELETE FROM table WHERE key = #key#'
  const [key, foundBy] = [deletedBy, found[1] ?? ''].map((name) => plain(name).replace(/^.*\./, ''))
  const isOne = plain(table).toLowerCase() === plain(from).toLowerCase()
  if (
    !isOne ||
    key?.toLowerCase() !== foundBy?.toLowerCase() ||
    key?.toLowerCase() !== parameter?.toLowerCase()
  )
    return 'a row has to be found and deleted by one column, whose parameter has its name'
  const columns = names.split(',').map((name) => plain(name.trim()))
  const values = given.split(',').map((value) => /^\s*#(\w+)(?::[^#]*)?#\s*$/.exec(value)?.[1])
  if (columns.length !== values.length || values.includes(undefined))
    return 'its INSERT may only put values in as they are (#name#)'
  const pairs = values.flatMap((value, index) =>
    value === undefined ? [] : [[value, columns[index] ?? ''] as const],
  )
  return { table: plain(table), key: key ?? '', columns: new Map(pairs) }
}

function plain(name: string): string {
  return name.replace(/["`]/g, '')
}
