/**
 * Terms in byte order with the postings of each, in four flat arrays: term t is the bytes `text[starts[t]..starts[t + 1]]`, its
 * postings are `postings[postingStarts[t]..postingStarts[t + 1]]`. So all terms that begin with a prefix are neighbours, and so are
 * their postings. Never changed, only merged into a new one.
 */
export type TermTable = {
  size: number
  text: Uint8Array
  starts: Uint32Array
  postings: Int32Array
  postingStarts: Uint32Array
}

export const emptyTable: TermTable = {
  size: 0,
  text: new Uint8Array(0),
  starts: new Uint32Array(1),
  postings: new Int32Array(0),
  postingStarts: new Uint32Array(1),
}

/** UTF-8 bytes of the text, one character each: byte order is then string order, and ASCII stays as it is. */
export function byteString(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** Negative when term t sorts before the needle, 0 when it is the needle or, with `prefix`, begins with it, else positive. */
export function compareTerm(table: TermTable, term: number, needle: string, prefix = false): number {
  const start = table.starts[term] ?? 0
  const length = (table.starts[term + 1] ?? 0) - start
  const shared = Math.min(length, needle.length)
  for (let i = 0; i < shared; i++) {
    const difference = (table.text[start + i] ?? 0) - needle.charCodeAt(i)
    if (difference !== 0) return difference
  }
  return prefix && length >= needle.length ? 0 : length - needle.length
}

/** The range [from, to) of the terms that begin with the needle. */
export function prefixRange(table: TermTable, needle: string): [from: number, to: number] {
  const from = firstWhere(table.size, (term) => compareTerm(table, term, needle) >= 0)
  return [from, firstWhere(table.size, (term) => compareTerm(table, term, needle, true) > 0, from)]
}

/** True when the needle stands in the term after its first byte. */
export function containsInside(table: TermTable, term: number, needle: string): boolean {
  const last = (table.starts[term + 1] ?? 0) - needle.length
  const first = needle.charCodeAt(0)
  for (let start = (table.starts[term] ?? 0) + 1; start <= last; start++) {
    if ((table.text[start] ?? 0) !== first) continue
    let i = 1
    while (i < needle.length && (table.text[start + i] ?? 0) === needle.charCodeAt(i)) i++
    if (i === needle.length) return true
  }
  return false
}

/** The first number in [from, size) for which the test, once true and then always, is true; else `size`. */
export function firstWhere(size: number, test: (index: number) => boolean, from = 0): number {
  let low = from
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
