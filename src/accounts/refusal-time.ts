import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

/** How many refusals are remembered. */
const KEPT = 64
/** Covers the usual costs of a hash, so that a replica that has just started tells nothing either. */
const SHORTEST_MS = 150
/** A directory in trouble must not make everybody wait for its worst moment. */
const LONGEST_MS = 2_000
const MARGIN = 1.25
/** Timers go by whole milliseconds, so that what was before still shows in where between two of them the answer falls. */
const JITTER_MS = 16

/**
 * Makes every refusal take one time. A bind at a DN that is not there, or at a locked account, answers before
 * the server hashes anything (with ARGON2, 25 to 50 ms sooner): so all refusals wait until the slowest of the
 * recent ones that did hash would surely be over.
 */
export function createRefusalTime(): {
  /** `ms`: what it took, from the start, to learn that a password is wrong. */
  noteRefusal(ms: number): void
  /** Resolves when the time of a refusal has passed since `started` (of `performance.now()`). */
  settle(started: number): Promise<void>
} {
  const seen: number[] = []
  let next = 0
  return {
    noteRefusal(ms) {
      seen[next] = ms
      next = (next + 1) % KEPT
    },
    async settle(started) {
      const whole = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ...seen.map((ms) => ms * MARGIN)))
      const left = whole + randomInt(JITTER_MS * 1_000) / 1_000 - (performance.now() - started)
      if (left > 0) await wait(left)
    },
  }
}
export type RefusalTime = ReturnType<typeof createRefusalTime>
