import type { Expression } from '../expressions/expressions.ts'
import type { Pivot } from '../task/task.ts'
import type { PivotMatch } from './invert-filter.ts'
import type { LscTransformation } from './lsc-file.ts'

/**
 * Who is who in the sync phase: the destination's filter names pivots of the source, or what a transformation made of them. Answers a text for what cannot be done.
 */
export function syncPivots(
  matches: readonly PivotMatch[],
  pivots: readonly string[],
  transformations: readonly LscTransformation[],
  place: string,
): readonly Pivot[] | string {
  const found: Pivot[] = []
  for (const match of matches) {
    const made = transformationTo(match.pivot, transformations, 'SOURCE')
    const isPivot = pivots.some((name) => name.toLowerCase() === match.pivot)
    if (made === undefined && !isPivot)
      return `{${match.pivot}} is no pivot of the source (${pivots.join(', ')})`
    const transform = made === undefined ? around(match, place) : inside(made.script, match, place)
    if (transform === undefined) return 'a pivot that is transformed has to stand alone'
    found.push({ source: made?.from ?? nameIn(pivots, match.pivot), destination: match.attribute, transform })
  }
  return found
}

/** The same in the clean phase: the source's filter names pivots of the destination. */
export function cleanPivots(
  matches: readonly PivotMatch[],
  pivots: readonly string[],
  transformations: readonly LscTransformation[],
): readonly Pivot[] | string {
  const found: Pivot[] = []
  for (const { attribute, pivot, before, after } of matches) {
    const made = transformationTo(pivot, transformations, 'DESTINATION')
    if (made === undefined && !pivots.some((name) => name.toLowerCase() === pivot))
      return `{${pivot}} is no pivot of the destination (${pivots.join(', ')}), so that LSC finds nothing in the source and removes everything`
    if (before !== '' || after !== '') return 'a pivot of the destination has to stand alone'
    found.push({ source: attribute, destination: made?.from ?? nameIn(pivots, pivot), transform: null })
  }
  return found
}

/** Whether both phases mean the same entries; how the one transforms its pivots is taken for the inverse of how the other does. */
export function areSamePivots(one: readonly Pivot[], other: readonly Pivot[]): boolean {
  const names = (pivots: readonly Pivot[]): string =>
    pivots.map(({ source, destination }) => `${source} ${destination}`.toLowerCase()).join()
  return names(one) === names(other)
}

function transformationTo(
  pivot: string,
  transformations: readonly LscTransformation[],
  origin: 'SOURCE' | 'DESTINATION',
): LscTransformation | undefined {
  return transformations.find(
    (each) => each.to.toLowerCase() === pivot && (each.origin === origin || each.origin === 'BOTH'),
  )
}

function around({ before, after }: PivotMatch, place: string): Expression | null {
  if (before === '' && after === '') return null
  const code = `${JSON.stringify(before)} + value + ${JSON.stringify(after)}`
  return { code, place, result: 'text' }
}

function inside(code: string, { before, after }: PivotMatch, place: string): Expression | undefined {
  return before === '' && after === '' ? { code, place, result: 'text' } : undefined
}

function nameIn(pivots: readonly string[], wanted: string): string {
  return pivots.find((name) => name.toLowerCase() === wanted) ?? wanted
}
