import type { UseName } from '../config/tenant-schema.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'
import type { Entry } from '../ldap/entry.ts'
import { attr } from '../ldap/attribute-name.ts'
import { filter, type Filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { parseAccountId } from './account-id.ts'

/** An entry and the branch of the use in which it was found. */
export type Found = { branch: Branch; entry: Entry }

/** Attributes to ask for: fixed ones, or those that depend on the directory's attribute map. */
export type Asked = (directory: Directory) => readonly string[]

/** All user attributes and the id: what roles, rules and claims may ask about. */
export const everyAttribute: Asked = (directory) => ['*', directory.idAttribute]

/** The one entry with that login among the branches of a use. Null for none, and for several: nobody is picked at random. */
export async function findByLogin(
  tenant: Tenant,
  use: UseName,
  login: string,
  asked: Asked,
): Promise<Found | null> {
  if (login === '') return null
  return findOne(tenant.uses[use], asked, ({ attributes }) => filter`(${attr(attributes.login)}=${login})`)
}

/** The entry with that account id, if it is in one of the use's branches now. */
export async function findByAccountId(
  tenant: Tenant,
  use: UseName,
  accountId: string,
  asked: Asked,
): Promise<Found | null> {
  const parsed = parseAccountId(accountId)
  if (parsed === null) return null
  const branches = tenant.uses[use].filter(({ directory }) => directory.name === parsed.directory)
  return findOne(branches, asked, (directory) => directory.idFilter(parsed.id))
}

async function findOne(
  branches: readonly Branch[],
  asked: Asked,
  condition: (directory: Directory) => Filter,
): Promise<Found | null> {
  const found = await findMatches(branches, asked, condition)
  return found.length === 1 ? (found[0] ?? null) : null
}

/** At least two of the entries that match, if there are so many, each once. A directory whose condition is null is not asked. */
export async function findMatches(
  branches: readonly Branch[],
  asked: Asked,
  conditionFor: (directory: Directory) => Filter | null,
): Promise<Found[]> {
  const answers = await Promise.all(
    branches.map(async (branch) => {
      const { directory, base } = branch
      const condition = conditionFor(directory)
      if (condition === null) return []
      const selected = filter`(&${branch.filter}${condition})`
      const { entries } = await directory.find({
        base,
        filter: selected,
        attributes: asked(directory),
        limit: 2,
      })
      return entries.map((entry) => ({ branch, entry }))
    }),
  )
  return distinct(answers.flat())
}

/** Branches of one use may overlap: the same entry found twice is one. */
function distinct(found: readonly Found[]): Found[] {
  const byId = new Map(
    found.map((one) => [`${one.branch.directory.name}.${one.branch.directory.idOf(one.entry)}`, one]),
  )
  return [...byId.values()]
}
