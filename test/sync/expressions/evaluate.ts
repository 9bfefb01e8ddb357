import { compileExpressions } from '../../../sync/expressions/compile.ts'
import type { Evaluated, Expression, Scope, Surface } from '../../../sync/expressions/expressions.ts'
import { makeRecord, type SyncRecord, type Values } from '../../../sync/record.ts'

const now = new Date('2026-11-25T10:15:00Z')

export function record(name: string, attributes: Record<string, Values>): SyncRecord {
  return makeRecord(name, new Map(Object.entries(attributes)))
}

export function expression(code: string, result: Expression['result'] = 'values'): Expression {
  return { code, place: `place of ${code}`, result }
}

/** What each code gives for one entry, in one batch: its values, or the text of its failure. */
export async function evaluate(
  codes: readonly string[],
  scope: Partial<Scope> = {},
  surface: Partial<Surface> = {},
  result: Expression['result'] = 'values',
): Promise<readonly (Values | string)[]> {
  const expressions = await compileExpressions(
    codes.map((code) => expression(code, result)),
    { includes: [], ...surface },
    () => now,
  )
  const wanted = codes.map((_, index) => index)
  const [first] = await expressions.evaluate([
    { scope: { source: null, destination: null, ...scope }, wanted },
  ])
  await expressions.close()
  return first?.results.map(plain) ?? []
}

export function plain(evaluated: Evaluated): Values | string {
  return 'failed' in evaluated ? evaluated.failed : evaluated.values
}
