import { setTimeout as pause } from 'node:timers/promises'

type NotYet = false | null | undefined | '' | 0

/**
 * Waits until `condition` gives something truthy and returns it; throws after `within` ms with the last error, if any.
 * A condition that throws is not met yet. This is the only place where tests wait by the clock.
 */
export async function until<T>(
  condition: () => T | NotYet | Promise<T | NotYet>,
  { within, every = 3 }: { within: number; every?: number },
): Promise<T> {
  const deadline = performance.now() + within
  let lastError: unknown
  while (true) {
    try {
      const result = await condition()
      if (result) return result
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() > deadline) {
      throw new Error(`not met within ${within} ms: ${String(condition)}`, { cause: lastError })
    }
    await pause(every)
  }
}
