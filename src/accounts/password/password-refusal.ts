import type { PasswordRefusal } from '../../directory/directory.ts'
import { Problem, type Fault } from '../../problems/problem.ts'

/** The directory's reason as a fault of the form: `fault.<reason>` says it in words. */
export function refusalFault(reason: PasswordRefusal): Fault {
  return reason === 'old-password-wrong'
    ? { field: 'old', reason: 'wrong-password' }
    : { field: 'password', reason: `directory-${reason}` }
}

/** The directory's reason as a problem: `wrong-password`, `closed-elsewhere`, or `password-refused` with the fault. */
export function refusalProblem(reason: PasswordRefusal): Problem {
  if (reason === 'closed-elsewhere' || reason === 'password-elsewhere') return new Problem(reason)
  const code = reason === 'old-password-wrong' ? 'wrong-password' : 'password-refused'
  return new Problem(code, { faults: [refusalFault(reason)] })
}
