import { firstWhere } from './term-table.ts'

/** Slots in the order of `compare`, kept sorted at little cost: additions wait and are sorted in together at the next reading. */
export function createNameOrder(compare: (a: number, b: number) => number) {
  let sorted = new Uint32Array(0)
  let waiting: number[] = []

  function sortIn(): void {
    const added = waiting.toSorted(compare)
    waiting = []
    const merged = new Uint32Array(sorted.length + added.length)
    let from = 0
    added.forEach((slot, index) => {
      const to = firstWhere(sorted.length, (other) => compare(sorted[other] ?? 0, slot) > 0, from)
      merged.set(sorted.subarray(from, to), from + index)
      merged[to + index] = slot
      from = to
    })
    merged.set(sorted.subarray(from), from + added.length)
    sorted = merged
  }

  return {
    add(slot: number): void {
      waiting.push(slot)
    },
    slots(): Uint32Array {
      if (waiting.length > 0) sortIn()
      return sorted
    },
    /** Forgets the slots that `keep` refuses. */
    settle(keep: (slot: number) => boolean): void {
      waiting = waiting.filter(keep)
      sorted = sorted.filter(keep)
    },
    bytes: () => sorted.byteLength,
  }
}
