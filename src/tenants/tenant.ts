import type { TenantConfig, UseName } from '../config/tenant-schema.ts'
import type { Directory } from '../directory/directory.ts'
import type { Dn } from '../ldap/dn.ts'
import type { Filter } from '../ldap/filter.ts'

/** One customer at run time. */
export type Tenant = {
  readonly name: string
  /** Origin, without a slash at the end. */
  readonly issuer: string
  readonly config: TenantConfig
  readonly directories: ReadonlyMap<string, Directory>
  /** Where each use looks, in the order of the configuration. */
  readonly uses: Readonly<Record<UseName, readonly Branch[]>>
}

/** A branch of one directory and the filter that its entries must match: an entry outside does not exist for that use. */
export type Branch = { directory: Directory; base: Dn; filter: Filter }
