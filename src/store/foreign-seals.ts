import { z } from 'zod'
import type { Queries } from './postgres.ts'
import type { Sealer } from './seal.ts'

/** Sealed values of one column that no key of the configuration opens, and what values of the missing key begin with. */
export type ForeignSeals = { readonly column: string; readonly keyId: string; readonly values: number }

/** Finds what the configuration lacks the key of, in every column that is named for it (`sealed...`) and in the queue. */
export async function findForeignSeals(
  queries: Queries,
  { keyIds }: Pick<Sealer, 'keyIds'>,
): Promise<ForeignSeals[]> {
  const columns = await queries.query(columnRow, columnsSql)
  const sources = columns.map(({ table, column }) => ({
    column: `${table}.${column}`,
    from: `"${table}"`,
    of: `"${column}"`,
  }))
  const queue = await queries.query(
    z.object({ is: z.boolean() }),
    `select to_regclass('pgboss.job') is not null as is`,
  )
  if (queue[0]?.is === true) sources.push({ column: 'pgboss.job', from: 'pgboss.job', of: `data->>'sealed'` })
  const found: ForeignSeals[] = []
  for (const { column, from, of } of sources) {
    const sql = `select split_part(${of}, '.', 1) as "keyId", count(*) as values from ${from} where ${of} is not null group by 1`
    const seals = await queries.query(sealRow, sql)
    found.push(...seals.filter(({ keyId }) => !keyIds.includes(keyId)).map((seal) => ({ column, ...seal })))
  }
  return found
}

const columnRow = z.object({ table: z.string(), column: z.string() })
const sealRow = z.object({ keyId: z.string(), values: z.coerce.number() })

const columnsSql = `select table_name as table, column_name as column from information_schema.columns
  where table_schema = current_schema() and column_name like 'sealed%' and data_type = 'text' order by 1, 2`
