/** One query for all rows, made of the two that LSC asks: for the list, and for each row of it. */
export type BulkQuery = {
  readonly query: string
  /** Columns of the result by pivot, in lower case. */
  readonly columns: ReadonlyMap<string, string>
}

const parameter = /#(\w+)(?::[^#]*)?#/g
const comparison = /([\w."`[\]]+)\s*=\s*#(\w+)(?::[^#]*)?#/g

/** Joins the query for one row, whose parameters are columns of the list (`#id#`), with the list. `pivots`: what else of the list is wanted. */
export function bulkQuery(kind: string, list: string, one: string, pivots: readonly string[]): BulkQuery {
  const parameters = [...one.matchAll(parameter)].map(([, name = '']) => name)
  const names = new Set([...parameters, ...pivots].map((name) => name.toLowerCase()))
  const own = selectedNames(one)
  const columns = new Map([...names].map((name) => [name, own.has(name) ? name : `lsc_${name}`]))
  const query =
    (kind === 'mysql' ? amongQuery(list, one, columns) : null) ?? lateralQuery(kind, list, one, columns)
  return { query, columns }
}

/** The query for one row runs for each row of the list, in the database: servers make a join of that. */
function lateralQuery(kind: string, list: string, one: string, columns: BulkQuery['columns']): string {
  const added = [...columns]
    .filter(([name, column]) => name !== column)
    .map(([name, column]) => `, each_row.${name} AS ${column}`)
  const applied = one.replace(parameter, (_, name: string) => `each_row.${name}`)
  const apply = kind === 'sqlserver' ? 'CROSS APPLY' : 'CROSS JOIN LATERAL'
  return `SELECT whole_row.*${added.join('')} FROM (${list}) each_row ${apply} (${applied}) whole_row`
}

/** MariaDB has no LATERAL. Null for a query that compares more than one column. */
function amongQuery(list: string, one: string, columns: BulkQuery['columns']): string | null {
  const [found, ...others] = one.matchAll(comparison)
  const [[name, column] = ['', ''], ...more] = columns
  if (found === undefined || others.length > 0 || more.length > 0 || !isPlain(one)) return null
  const selected = name === column ? one : one.replace(/^\s*SELECT\s/i, `SELECT ${found[1]} AS ${column}, `)
  const whole = selected.replace(comparison, '1 = 1')
  return `SELECT whole_row.* FROM (${whole}) whole_row WHERE whole_row.${column} IN (SELECT each_row.${name} FROM (${list}) each_row)`
}

function isPlain(sql: string): boolean {
  return !/\b(?:UNION|GROUP\s+BY|DISTINCT|LIMIT)\b/i.test(sql)
}

/**
 * All rows that a query for one finds, with the column that it compares: `SELECT id FROM staff WHERE id = #uid#` as `SELECT id AS number FROM staff WHERE 1 = 1`.
 * Null when it does more than compare one column.
 */
export function presenceQuery(one: string, column: string): { query: string; pivot: string } | null {
  const [found, ...others] = one.matchAll(comparison)
  const rest = one.replace(comparison, '1 = 1')
  const from = /\sFROM\s[\s\S]*$/i.exec(rest)?.[0]
  if (found === undefined || others.length > 0 || from === undefined || rest.includes('#')) return null
  if (!isPlain(one)) return null
  return { query: `SELECT ${found[1]} AS ${column}${from}`, pivot: (found[2] ?? '').toLowerCase() }
}

/** Names of the columns of a select, as far as its text says them. */
function selectedNames(sql: string): ReadonlySet<string> {
  const list = /^\s*SELECT\s+(?:DISTINCT\s+)?([\s\S]*?)\sFROM\s/i.exec(sql)?.[1] ?? ''
  const items = list.replace(/\([^()]*\)/g, '()').split(',')
  return new Set(items.map((item) => /(\w+)["`\]]?\s*$/.exec(item)?.[1]?.toLowerCase() ?? ''))
}
