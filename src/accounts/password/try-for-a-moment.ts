import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '../../problems/problem.ts'

/** Milliseconds before each further try, and after which none is begun. */
const PAUSES = [150, 300]
const LONGEST = 600

/** Tries again, for less than a second, what is down: a server that restarts is back in a moment, one that is silent has cost enough. */
export async function tryForAMoment<T>(act: () => Promise<T>): Promise<T> {
  const started = performance.now()
  for (const pause of PAUSES) {
    try {
      return await act()
    } catch (error) {
      if (!isDown(error) || performance.now() - started + pause > LONGEST) throw error
    }
    await wait(pause)
  }
  return await act()
}

function isDown(error: unknown): boolean {
  return error instanceof Problem && error.status === 503
}
