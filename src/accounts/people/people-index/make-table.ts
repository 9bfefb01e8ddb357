import type { TermTable } from './term-table.ts'

/** The table of some terms (byte strings) and their postings. */
export function makeTable(terms: ReadonlyMap<string, readonly number[]>): TermTable {
  const sorted = [...terms.keys()].toSorted()
  const starts = new Uint32Array(sorted.length + 1)
  const postingStarts = new Uint32Array(sorted.length + 1)
  for (const [index, term] of sorted.entries()) {
    starts[index + 1] = (starts[index] ?? 0) + term.length
    postingStarts[index + 1] = (postingStarts[index] ?? 0) + (terms.get(term)?.length ?? 0)
  }
  const postings = new Int32Array(postingStarts.at(-1) ?? 0)
  for (const [index, term] of sorted.entries()) postings.set(terms.get(term) ?? [], postingStarts[index])
  const text = Buffer.from(sorted.join(''), 'latin1')
  return { size: sorted.length, text, starts, postings, postingStarts }
}
