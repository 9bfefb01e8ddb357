import type { DirectoryConfig } from '../../../src/config/directory-schema.ts'
import { tenantSchema, type TenantConfig } from '../../../src/config/tenant-schema.ts'
import { parentDn } from '../../../src/ldap/dn.ts'
import type { DirectoryServer } from '../directory-server.ts'

/** A tenant whose people and groups are on that server. */
export function tenantOver(
  { config, people }: Pick<DirectoryServer, 'config' | 'people'>,
  changes: Partial<DirectoryConfig>,
): TenantConfig {
  const branch = { directory: config.name, base: people }
  const groups = { directory: config.name, base: `ou=groups,${parentDn(people) ?? ''}` }
  return tenantSchema.parse({
    name: 'acme',
    issuer: 'http://localhost:8080',
    displayName: 'ACME',
    directories: [{ ...config, ...changes }],
    uses: { signIn: [branch], desk: [branch], groups: [groups] },
  })
}
