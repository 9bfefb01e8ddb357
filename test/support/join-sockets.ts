import type { Socket } from 'node:net'

/** What comes in at one goes out at the other; the end of one is the end of both. */
export function joinSockets(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one)
  one.on('error', () => other.destroy()).on('close', () => other.destroy())
  other.on('error', () => one.destroy()).on('close', () => one.destroy())
}
