import { setTimeout } from 'node:timers/promises'

/** What came within a short time of each other; empty when nothing came for a while, so that whoever follows can look at other things. */
export type Burst<T> = readonly T[]

export type BurstOptions = {
  readonly most: number
  /** Milliseconds without an item that end a burst. */
  readonly quiet: number
  /** Milliseconds after which an empty one is given. */
  readonly tick: number
}

/**
 * Groups a stream that never ends, without holding anything back for longer than `quiet`. Ends, or throws, when the stream does. Aborts `reading` when nobody wants
 * more: a generator that waits for its next item hears of a return only after it.
 */
export async function* bursts<T>(
  items: AsyncIterable<T>,
  { most, quiet, tick }: BurstOptions,
  reading: AbortController,
): AsyncGenerator<Burst<T>> {
  const iterator = items[Symbol.asyncIterator]()
  let coming = iterator.next()
  try {
    for (;;) {
      const burst: T[] = []
      for (;;) {
        const next = await orLate(coming, burst.length === 0 ? tick : quiet)
        if (next === 'late') break
        if (next.done === true) {
          if (burst.length > 0) yield burst
          return
        }
        burst.push(next.value)
        coming = iterator.next()
        if (burst.length >= most) break
      }
      yield burst
    }
  } finally {
    reading.abort()
    // Its failure, if any, was nobody's to hear.
    coming.catch(() => {})
    await iterator.return?.()
  }
}

async function orLate<T>(coming: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  const stop = new AbortController()
  try {
    const late = setTimeout(milliseconds, 'late' as const, { signal: stop.signal }).catch(
      () => 'late' as const,
    )
    return await Promise.race([coming, late])
  } finally {
    stop.abort()
  }
}
