import type { PasswordRefusal } from '../directory/directory.ts'
import type { Fault } from '../problems/problem.ts'

/** The directory's reason as a fault of the form: `fault.<reason>` says it in words. */
export function refusalFault(reason: PasswordRefusal): Fault {
  return reason === 'old-password-wrong'
    ? { field: 'old', reason: 'wrong-password' }
    : { field: 'password', reason: `directory-${reason}` }
}
