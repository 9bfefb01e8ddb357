import { bestScore, score } from './scores.ts'

/** Where the page before ended: its last score, and the first place in the name order that comes after its last person. */
export type Start = { score: number; place: number }
export type Page = { slots: number[]; total: number; more: boolean }

/**
 * Reads the scores in the order of the names, once: equal scores are then sorted without a comparison. The total counts all people
 * with a score, those of other pages too.
 */
export function readPage(scores: Uint8Array, order: Uint32Array, limit: number, start: Start): Page {
  const byScore: number[][] = Array.from({ length: bestScore + 1 }, () => [])
  let total = 0
  for (let place = 0; place < order.length; place++) {
    const slot = order[place] ?? 0
    const value = scores[slot] ?? 0
    if (value === score.none) continue
    total++
    if (value > start.score || (value === start.score && place < start.place)) continue
    const list = byScore[value]
    if (list && list.length <= limit) list.push(slot)
  }
  const found = byScore.toReversed().flat()
  return { slots: found.slice(0, limit), total, more: found.length > limit }
}
