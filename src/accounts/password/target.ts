import type { Lost, PasswordRefusal } from '../../directory/directory.ts'
import { LdapError } from '../../ldap/result.ts'
import { Problem, type ProblemCode } from '../../problems/problem.ts'
import { Refused } from './put-password.ts'

/** What came of a new password in one directory. */
export type Target =
  | {
      directory: string
      outcome: 'written'
      /** What the server lifted with the old password and we set again. */
      putBack: readonly 'lock'[]
      /** What it should have beside the password and has not. */
      lost: readonly Lost[]
      /** Of the NT hash beside the password; null where the entry has none. */
      ntHash: 'written' | 'failed' | null
    }
  | { directory: string; outcome: 'refused'; reason: PasswordRefusal | 'several-entries' }
  | { directory: string; outcome: 'failed'; reason: ProblemCode }

/** Whether every directory has taken all of it. */
export function isComplete(targets: readonly Target[]): boolean {
  return targets.every(
    (target) => target.outcome === 'written' && target.ntHash !== 'failed' && target.lost.length === 0,
  )
}

/** The error of a directory that did not take the password. */
export function targetOf(directory: string, error: unknown): Target {
  if (error instanceof Refused) return { directory, outcome: 'refused', reason: error.reason }
  if (error instanceof LdapError) return { directory, outcome: 'failed', reason: 'directory-refused' }
  if (!(error instanceof Problem)) return { directory, outcome: 'failed', reason: 'internal' }
  if (error.code === 'conflict') return { directory, outcome: 'refused', reason: 'several-entries' }
  return { directory, outcome: 'failed', reason: error.code }
}
