import type { ApiScope } from '../config/permission.ts'
import type { RoleConfig } from '../config/role-schema.ts'
import type { Dn } from '../ldap/dn.ts'
import type { Entry } from '../ldap/entry.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** A person of the tenant, found: what identifies them in every area. */
export type PersonRef = {
  /** Name of the directory that holds the entry. */
  directory: string
  /** The entry's immutable id. */
  id: string
  dn: Dn
  login: string
}

/** Who makes a request. */
export type Actor = Anonymous | PersonActor | ClientActor

export type Anonymous = { kind: 'anonymous'; tenant: Tenant }

export type PersonActor = {
  kind: 'person'
  tenant: Tenant
  person: PersonRef
  /** The person's entry with all user attributes, as read for this request. */
  entry: Entry
  roles: readonly RoleConfig[]
  /** Scopes of the token; `session` when the person came with the browser session, which is not limited by scopes. */
  scopes: ReadonlySet<ApiScope> | 'session'
  /** Client that the token was issued to. */
  client?: string
}

export type ClientActor = {
  kind: 'client'
  tenant: Tenant
  client: string
  roles: readonly RoleConfig[]
  scopes: ReadonlySet<ApiScope>
}
