import { LdapError } from '../ldap/result.ts'
import { Problem } from '../problems/problem.ts'

/** Throws what an act on a directory failed with: a refusal that no rule of ours foresees, as a missing right of the service account, is Problem `directory-refused`. */
export function sayRefusal(error: unknown): never {
  throw error instanceof LdapError ? new Problem('directory-refused', { cause: error }) : error
}
