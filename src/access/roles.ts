import type { RoleConfig } from '../config/role-schema.ts'
import { groupsOf } from '../directory/groups.ts'
import { normalizeDn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** The roles that a person's groups give, nested and dynamic groups included. `entry` carries all user attributes. */
export async function rolesOf(tenant: Tenant, entry: Entry): Promise<RoleConfig[]> {
  const { roles } = tenant.config
  if (roles.every((role) => role.groups.length === 0)) return []
  const groups = await groupsOf(tenant.uses.groups, entry)
  const held = new Set(groups.map((group) => normalizeDn(group.dn)))
  return roles.filter((role) => role.groups.some((group) => held.has(normalizeDn(group))))
}

/** The highest rank among roles; 0 for a person without one. */
export function rankOf(roles: readonly RoleConfig[]): number {
  return Math.max(0, ...roles.map((role) => role.rank))
}
