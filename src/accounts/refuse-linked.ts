import type { Directory } from '../directory/directory.ts'
import { attr } from '../ldap/attribute-name.ts'
import { findAll } from '../directory/branch.ts'
import { filter } from '../ldap/filter.ts'
import { Problem } from '../problems/problem.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { accountIdOf } from './account-id.ts'
import { placesBy } from './password/password-places.ts'
import type { Account } from './read-account.ts'

/**
 * Directories that share passwords know a person by the login: with the login of somebody there, an account would get that person's password written, and without
 * the common one it would lose its own. Throws Problem `conflict` in either case.
 */
export async function refuseLinked(
  tenant: Tenant,
  { directory, ref }: Pick<Account, 'directory' | 'ref'>,
  newLogin: string,
): Promise<void> {
  const id = accountIdOf(ref)
  if ((await directoryLinked(tenant, { directory, id, login: newLogin })) !== null)
    throw new Problem('conflict', { faults: [{ field: 'login', reason: 'login-taken' }] })
  const linked = await directoryLinked(tenant, { directory, id, login: ref.login })
  if (linked === null) return
  const params = { directory: linked }
  throw new Problem('conflict', { faults: [{ field: 'login', reason: 'login-linked', params }] })
}

type Named = { directory: Directory; id: string; login: string }

/** The first directory where the login leads to an entry, or has one that leads to it, the account itself left out. */
async function directoryLinked(tenant: Tenant, named: Named): Promise<string | null> {
  for (const rule of rulesOf(named.directory)) {
    if (!isLogin(named.directory, rule.from)) continue
    const places = await placesBy(tenant, rule, named.login)
    if (places.some(({ ref }) => accountIdOf(ref) !== named.id)) return rule.directory
  }
  for (const other of tenant.directories.values()) {
    if (await leadsHere(tenant, other, named)) return other.name
  }
  return null
}

async function leadsHere(
  tenant: Tenant,
  other: Directory,
  { directory, id, login }: Named,
): Promise<boolean> {
  const rules = rulesOf(other).filter(
    (rule) => rule.directory === directory.name && isLogin(directory, rule.attribute),
  )
  const branches = [...tenant.uses.signIn, ...tenant.uses.desk].filter((branch) => branch.directory === other)
  for (const { from } of rules) {
    for (const branch of branches) {
      const entries = await findAll(branch, filter`(${attr(from)}=${login})`, [other.idAttribute])
      if (entries.some((entry) => `${other.name}.${other.idOf(entry)}` !== id)) return true
    }
  }
  return false
}

/** What a rule of `passThrough` goes by stands in the password; as a rule it is the login. */
function rulesOf({ settings: { passwords }, attributes }: Directory) {
  return [...passwords.alsoIn, ...passwords.passThrough.map((rule) => ({ ...rule, from: attributes.login }))]
}

function isLogin({ attributes }: Directory, attribute: string): boolean {
  return attribute.toLowerCase() === attributes.login.toLowerCase()
}
