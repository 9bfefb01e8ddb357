import type { TermTable } from './term-table.ts'

/**
 * For each hash of three bytes, the blocks of neighbouring terms that hold them after the first byte of a term: the few places to
 * look for a needle. Neighbours are alike, so that blocks take a quarter of the memory that terms would. A term that begins with the
 * needle is found without, by the order of the table.
 */
export type Trigrams = { shift: number; starts: Uint32Array; blocks: Uint32Array }

const blockBits = 3

/** The trigrams of a table, in one pass to count and one to fill. */
export function indexTrigrams(table: TermTable): Trigrams {
  // About one bucket for four bytes of text: a small directory has a small table.
  const bits = Math.min(18, Math.max(4, Math.ceil(Math.log2(table.text.length + 1)) - 2))
  const shift = 32 - bits
  const starts = new Uint32Array(2 ** bits + 1)
  eachTrigram(table, shift, (bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1
  })
  for (let bucket = 1; bucket < starts.length; bucket++) {
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0)
  }
  const blocks = new Uint32Array(starts.at(-1) ?? 0)
  const ends = starts.slice()
  eachTrigram(table, shift, (bucket, block) => {
    const end = ends[bucket] ?? 0
    blocks[end] = block
    ends[bucket] = end + 1
  })
  return { shift, starts, blocks }
}

/** Visits the terms that may hold the needle (a byte string of three or more) after their first byte. */
export function eachCandidate(
  trigrams: Trigrams,
  table: TermTable,
  needle: string,
  visit: (term: number) => void,
): void {
  for (const block of rarestBlocks(trigrams, needle)) {
    const end = Math.min(table.size, (block + 1) << blockBits)
    for (let term = block << blockBits; term < end; term++) visit(term)
  }
}

function rarestBlocks({ shift, starts, blocks }: Trigrams, needle: string): Uint32Array {
  let from = 0
  let to = blocks.length
  for (let i = 0; i + 2 < needle.length; i++) {
    const bucket = hash(needle.charCodeAt(i), needle.charCodeAt(i + 1), needle.charCodeAt(i + 2), shift)
    const start = starts[bucket] ?? 0
    const end = starts[bucket + 1] ?? 0
    if (end - start >= to - from) continue
    from = start
    to = end
  }
  return blocks.subarray(from, to)
}

/** Visits each bucket once a block. */
function eachTrigram(table: TermTable, shift: number, visit: (bucket: number, block: number) => void): void {
  const lastBlock = new Int32Array(2 ** (32 - shift)).fill(-1)
  const { text, starts } = table
  for (let term = 0; term < table.size; term++) {
    const block = term >>> blockBits
    const last = (starts[term + 1] ?? 0) - 3
    for (let i = (starts[term] ?? 0) + 1; i <= last; i++) {
      const bucket = hash(text[i] ?? 0, text[i + 1] ?? 0, text[i + 2] ?? 0, shift)
      if (lastBlock[bucket] === block) continue
      lastBlock[bucket] = block
      visit(bucket, block)
    }
  }
}

// Fibonacci hashing: the golden ratio spreads neighbours over the highest bits.
function hash(a: number, b: number, c: number, shift: number): number {
  return Math.imul((a << 16) | (b << 8) | c, 0x9e3779b1) >>> shift
}
