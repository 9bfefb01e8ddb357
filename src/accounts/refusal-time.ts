import { setTimeout as wait } from 'node:timers/promises'
import { randomInt } from 'node:crypto'

const KEPT = 64
/** Until a first wrong password was seen on this replica. */
const ASSUMED_MS = 20

/**
 * Makes "no such account" take as long as "wrong password". A bind at a DN that is not there answers before the server hashes anything (with
 * ARGON2, 50 ms sooner), so for unknown logins we wait for a time drawn from those that real refusals took.
 */
export function createRefusalTime(): { noteRefusal(ms: number): void; waitLikeARefusal(): Promise<void> } {
  const seen: number[] = []
  let next = 0
  return {
    noteRefusal(ms) {
      seen[next] = ms
      next = (next + 1) % KEPT
    },
    async waitLikeARefusal() {
      await wait(seen.length === 0 ? ASSUMED_MS : seen[randomInt(seen.length)])
    },
  }
}
export type RefusalTime = ReturnType<typeof createRefusalTime>
