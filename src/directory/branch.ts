import type { Dn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Directory } from './directory.ts'

/** A branch of one directory and the filter that its entries must match: an entry outside does not exist for that use. */
export type Branch = { directory: Directory; base: Dn; filter: Filter }

/** Enough for any page of people or the groups of one person in a single answer, below slapd's usual size limits. */
const ONE_ANSWER = 500

/** All entries of the branch that also match `condition`: one search as a rule, a paged one when there are many. */
export async function findAll(
  branch: Branch,
  condition: Filter,
  attributes: readonly string[],
): Promise<Entry[]> {
  const query = { base: branch.base, filter: filter`(&${branch.filter}${condition})`, attributes }
  const { entries, complete } = await branch.directory.find({ ...query, limit: ONE_ANSWER })
  return complete ? entries : await Array.fromAsync(branch.directory.list(query))
}
