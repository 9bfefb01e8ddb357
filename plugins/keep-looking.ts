import { setTimeout as pause } from 'node:timers/promises'

/** Something that is looked at again and again. */
export type Kept<T> = {
  readonly name: string
  /** What was seen last; undefined before the first look has ended, and after one that failed: what was true before may not be so now. */
  read(): T | undefined
  /** Whether the last look that ended succeeded; undefined before there is one. */
  succeeded(): boolean | undefined
}

/**
 * Looks at once, and again so many milliseconds after a look has ended, until `signal` aborts: at what costs something to look at, so that whoever
 * reads the figures, however often, waits for nobody.
 */
export function keepLooking<T>(
  name: string,
  every: number,
  look: () => Promise<T>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown, name: string) => void },
): Kept<T> {
  let last: { seen?: T } | undefined
  const goOn = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        last = { seen: await look() }
      } catch (error) {
        last = {}
        if (!signal.aborted) onError(error, name)
      }
      // Rejects when it is time to end.
      await pause(every, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  void goOn()
  return {
    name,
    read: () => last?.seen,
    succeeded: () => last && 'seen' in last,
  }
}
