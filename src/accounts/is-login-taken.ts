import { findAll } from '../directory/branch.ts'
import { attr } from '../ldap/attribute-name.ts'
import { filter } from '../ldap/filter.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** Whether anybody who can sign in, or whom the desk looks after, has the login; but for the entry with the id `except`. */
export async function isLoginTaken(tenant: Tenant, login: string, except?: string): Promise<boolean> {
  const branches = [...tenant.uses.signIn, ...tenant.uses.desk]
  const found = await Promise.all(
    branches.map(async (branch) => {
      const { attributes, idAttribute, idOf } = branch.directory
      const entries = await findAll(branch, filter`(${attr(attributes.login)}=${login})`, [idAttribute])
      return entries.some((entry) => `${branch.directory.name}.${idOf(entry)}` !== except)
    }),
  )
  return found.includes(true)
}
