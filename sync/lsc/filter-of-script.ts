import { compileExpressions } from '../expressions/compile.ts'
import type { LscFilter } from './lsc-file.ts'

type Includes = readonly { readonly name: string; readonly code: string }[]

/** Two that no script would take for one another: what it does with a pivot shows in both. */
const samples = ['Aé1.b@C-d', '0042']

/**
 * The text of a filter with its pivots in braces. That of a script is what it gives for them, when it puts them in as they are. Answers null when it does more:
 * then nobody knows what it would give for all entries. Throws what the script throws.
 */
export async function filterText(
  { text, script }: LscFilter,
  pivots: readonly string[],
  includes: Includes,
): Promise<string | null> {
  if (!script) return text.replace('{0}', `{${pivots[0] ?? ''}}`)
  const [shape = '', ...given] = await evaluateWith(text, includes, [
    new Map(pivots.map((name) => [name.toLowerCase(), `{${name.toLowerCase()}}`])),
    ...samples.map((sample) => new Map(pivots.map((name) => [name.toLowerCase(), sample]))),
  ])
  const isPlain = samples.every((sample, index) => shape.replace(/\{[^{}]+\}/g, sample) === given[index])
  return isPlain ? shape : null
}

async function evaluateWith(
  code: string,
  includes: Includes,
  scopes: readonly ReadonlyMap<string, string>[],
): Promise<string[]> {
  const expressions = await compileExpressions([{ code, place: 'filter', result: 'text' }], {
    includes,
    dialect: 'lsc',
  })
  try {
    const batch = scopes.map((pivots) => ({
      scope: { source: null, destination: null, pivots },
      wanted: [0],
    }))
    return (await expressions.evaluate(batch)).map(({ results: [result] }) => {
      if (result === undefined || 'failed' in result) throw new Error(result?.failed ?? 'it gave nothing')
      return String(result.values[0] ?? '')
    })
  } finally {
    await expressions.close()
  }
}
