import { setTimeout as wait } from 'node:timers/promises'
import type { Operations } from '../ldap/operations.ts'
import type { Change } from '../ldap/update-message.ts'
import type { Lost } from './directory.ts'

/** Milliseconds: a server that restarts is back in a moment. */
const PAUSE = 300

/** What a new password lifted or must bring with it, and how it is written. */
export type Wanted = { what: Lost; changes: readonly Change[] }

/**
 * Sets what belongs to a password that has just been written, and gives what could not be set. Never throws: the password is new whatever comes of
 * this. One operation as a rule; after a failure each part once more, alone, for the right to one of them may be all that is missing.
 */
export async function setAgain(
  pool: Pick<Operations, 'modify'>,
  dn: string,
  wanted: readonly Wanted[],
): Promise<Lost[]> {
  if (wanted.length === 0) return []
  const set = (parts: readonly Wanted[]) =>
    goesThrough(() =>
      pool.modify(
        dn,
        parts.flatMap(({ changes }) => changes),
      ),
    )
  if (await set(wanted)) return []
  await wait(PAUSE)
  const lost: Lost[] = []
  for (const part of wanted) if (!(await set([part]))) lost.push(part.what)
  return lost
}

async function goesThrough(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch {
    return false
  }
}
