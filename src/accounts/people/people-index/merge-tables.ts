import type { TermTable } from './term-table.ts'

/** A new table of the terms of both, without the postings that are not to be kept and without the terms that then have none. */
export function mergeTables(a: TermTable, b: TermTable, keep: (posting: number) => boolean): TermTable {
  const out = createWriter(a, b, keep)
  let i = 0
  let j = 0
  while (i < a.size || j < b.size) {
    const order = i === a.size ? 1 : j === b.size ? -1 : compareTerms(a, i, b, j)
    if (order <= 0) out.postingsOf(a, i)
    if (order >= 0) out.postingsOf(b, j)
    if (order <= 0) out.end(a, i)
    else out.end(b, j)
    if (order <= 0) i++
    if (order >= 0) j++
  }
  return out.table()
}

function compareTerms(a: TermTable, i: number, b: TermTable, j: number): number {
  let p = a.starts[i] ?? 0
  let q = b.starts[j] ?? 0
  const pEnd = a.starts[i + 1] ?? 0
  const qEnd = b.starts[j + 1] ?? 0
  for (; p < pEnd && q < qEnd; p++, q++) {
    const difference = (a.text[p] ?? 0) - (b.text[q] ?? 0)
    if (difference !== 0) return difference
  }
  return pEnd - p - (qEnd - q)
}

function createWriter(a: TermTable, b: TermTable, keep: (posting: number) => boolean) {
  const text = new Uint8Array(a.text.length + b.text.length)
  const starts = new Uint32Array(a.size + b.size + 1)
  const postings = new Int32Array(a.postings.length + b.postings.length)
  const postingStarts = new Uint32Array(starts.length)
  let size = 0
  let textEnd = 0
  let postingsEnd = 0
  return {
    postingsOf(from: TermTable, term: number): void {
      const end = from.postingStarts[term + 1] ?? 0
      for (let i = from.postingStarts[term] ?? 0; i < end; i++) {
        const posting = from.postings[i] ?? 0
        if (keep(posting)) postings[postingsEnd++] = posting
      }
    },
    /** Ends the term whose postings were written: it stays when it has some. */
    end(from: TermTable, term: number): void {
      if (postingsEnd === postingStarts[size]) return
      const end = from.starts[term + 1] ?? 0
      for (let i = from.starts[term] ?? 0; i < end; i++) text[textEnd++] = from.text[i] ?? 0
      size++
      starts[size] = textEnd
      postingStarts[size] = postingsEnd
    },
    table: (): TermTable => ({
      size,
      text: text.slice(0, textEnd),
      starts: starts.slice(0, size + 1),
      postings: postings.slice(0, postingsEnd),
      postingStarts: postingStarts.slice(0, size + 1),
    }),
  }
}
