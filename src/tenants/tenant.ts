import type { TenantConfig, UseName } from '../config/tenant-schema.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'

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
