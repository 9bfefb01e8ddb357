import type { Operations } from '../ldap/operations.ts'
import type { Directory } from './directory.ts'

/** Renames, and repairs what held the old DN. */
export function renaming(_pool: Operations): Pick<Directory, 'rename'> {
  return { rename: () => Promise.reject(new Error('not yet')) }
}
