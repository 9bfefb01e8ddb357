/** One query for all rows, made of the two that LSC asks: for the list, and for each row of it. */
export type BulkQuery = {
  readonly query: string
  /** Columns of the result by pivot, in lower case. */
  readonly columns: ReadonlyMap<string, string>
}

const parameter = /#(\w+)(?::[^#]*)?#/g

/**
 * Joins the query for one row, whose parameters are columns of the list (`#id#`), with the list. `pivots`: what else of the list is wanted. The second runs for
 * each row of the first, in the database: servers make a join of that.
 */
export function bulkQuery(kind: string, list: string, one: string, pivots: readonly string[]): BulkQuery {
  const parameters = [...one.matchAll(parameter)].map(([, name = '']) => name)
  const names = new Set([...parameters, ...pivots].map((name) => name.toLowerCase()))
  const own = selectedNames(one)
  const columns = new Map([...names].map((name) => [name, own.has(name) ? name : `lsc_${name}`]))
  const added = [...columns]
    .filter(([name, column]) => name !== column)
    .map(([name, column]) => `, each_row.${name} AS ${column}`)
  const applied = one.replace(parameter, (_, name: string) => `each_row.${name}`)
  const apply = kind === 'sqlserver' ? 'CROSS APPLY' : 'CROSS JOIN LATERAL'
  return {
    query: `SELECT whole_row.*${added.join('')} FROM (${list}) each_row ${apply} (${applied}) whole_row`,
    columns,
  }
}

/**
 * All rows that a query for one finds, with the column that it compares: `SELECT id FROM staff WHERE id = #uid#` as `SELECT id AS number FROM staff WHERE 1 = 1`.
 * Null when it does more than compare one column.
 */
export function presenceQuery(one: string, column: string): { query: string; pivot: string } | null {
  const compared = /([\w."`[\]]+)\s*=\s*#(\w+)(?::[^#]*)?#/g
  const [found, ...others] = one.matchAll(compared)
  const rest = one.replace(compared, '1 = 1')
  const from = /\sFROM\s[\s\S]*$/i.exec(rest)?.[0]
  if (found === undefined || others.length > 0 || from === undefined || rest.includes('#')) return null
  if (/\b(?:UNION|GROUP\s+BY|DISTINCT)\b/i.test(one)) return null
  return { query: `SELECT ${found[1]} AS ${column}${from}`, pivot: (found[2] ?? '').toLowerCase() }
}

/** Names of the columns of a select, as far as its text says them. */
function selectedNames(sql: string): ReadonlySet<string> {
  const list = /^\s*SELECT\s+(?:DISTINCT\s+)?([\s\S]*?)\sFROM\s/i.exec(sql)?.[1] ?? ''
  const items = list.replace(/\([^()]*\)/g, '()').split(',')
  return new Set(items.map((item) => /(\w+)["`\]]?\s*$/.exec(item)?.[1]?.toLowerCase() ?? ''))
}
