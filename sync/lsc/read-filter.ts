import { parseFilter } from '../../src/ldap/filter.ts'
import { filterText } from './filter-of-script.ts'
import { type InvertedFilter, invertFilter } from './invert-filter.ts'
import type { LscFilter } from './lsc-file.ts'
import { cannot, type SideWork } from './side-work.ts'

/** The text of a filter for all entries. Null, with a note, when it is none. */
export async function filterForAll(work: SideWork, filter: LscFilter): Promise<string | null> {
  const text = await textOf(work, filter, [])
  if (text === null) return null
  try {
    parseFilter(text)
    return text
  } catch (error) {
    return cannot(work, filter.line, `the filter cannot be read: ${messageOf(error)}`)
  }
}

/** A filter for one entry, the other way round. `pivots`: the names that may be in it. Null, with a note, when that cannot be. */
export async function filterForOne(
  work: SideWork,
  filter: LscFilter,
  pivots: readonly string[],
): Promise<InvertedFilter | null> {
  const targets = work.task.options.transformations.map(({ to }) => to)
  const names = [...pivots, ...targets]
  const text = await textOf(work, filter, names)
  if (text === null) return null
  const inverted = invertFilter(text, names)
  return typeof inverted === 'string' ? cannot(work, filter.line, inverted) : inverted
}

async function textOf(work: SideWork, filter: LscFilter, pivots: readonly string[]): Promise<string | null> {
  try {
    const text = await filterText(filter, pivots, work.around.includesOf(work.task))
    return (
      text ?? cannot(work, filter.line, 'the script changes its pivots, so that it cannot be read in bulk')
    )
  } catch (error) {
    return cannot(work, filter.line, `the script of the filter: ${messageOf(error)}`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
