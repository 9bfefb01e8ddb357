import { createTermIndex } from './term-index.ts'

export type TermIndexes = ReturnType<typeof createTermIndexes>

/** The three indexes that a search reads: folded words, phone numbers, and logins and mail addresses as a whole. */
export function createTermIndexes() {
  const indexes = { words: createTermIndex(), phones: createTermIndex(), identifiers: createTermIndex() }
  const each = Object.values(indexes)
  return {
    ...indexes,
    settle(): void {
      for (const index of each) index.settle()
    },
    settleDeep(isLive: (slot: number) => boolean): void {
      for (const index of each) index.settleDeep(isLive)
    },
    bytes: () => each.reduce((sum, index) => sum + index.bytes(), 0),
  }
}
