import type { z } from 'zod'
import type { Permission } from '../../src/config/permission.ts'
import { tenantSchema, type TenantConfig } from '../../src/config/tenant-schema.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { openTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import type { Slapd } from './slapd.ts'

/** All that a desk may do to accounts. */
export const deskPermissions = [
  'account.read',
  'account.reset',
  'account.require-change',
  'account.unlock',
  'account.lock',
  'account.disable',
  'account.enable',
  'account.validity',
  'account.rename',
] as const satisfies readonly Permission[]

type TenantInput = Partial<z.input<typeof tenantSchema>>

/** Configuration of a tenant over the test directory: people, desk roles `desk` and `admin` by groups `service-desk` and `administrators`. */
export function testTenantConfig(
  slapd: Pick<Slapd, 'url' | 'suffix' | 'appDn' | 'appPassword'>,
  changes: TenantInput = {},
): TenantConfig {
  const people = { directory: 'main', base: `ou=people,${slapd.suffix}` }
  return tenantSchema.parse({
    name: 'acme',
    issuer: 'http://localhost:8080',
    displayName: 'ACME',
    directories: [
      {
        name: 'main',
        kind: 'openldap',
        urls: [slapd.url],
        bind: { dn: slapd.appDn, password: slapd.appPassword },
        defaultPolicy: `cn=default,ou=policies,${slapd.suffix}`,
      },
    ],
    uses: {
      signIn: [people],
      whitePages: [people],
      desk: [people],
      groups: [{ directory: 'main', base: `ou=groups,${slapd.suffix}` }],
    },
    roles: [
      {
        name: 'desk',
        groups: [`cn=service-desk,ou=groups,${slapd.suffix}`],
        clients: ['cli'],
        permissions: [...deskPermissions],
        rank: 10,
      },
      {
        name: 'admin',
        groups: [`cn=administrators,ou=groups,${slapd.suffix}`],
        permissions: [...deskPermissions, 'audit.read'],
        rank: 50,
      },
    ],
    ...changes,
  })
}

/** A tenant over the test directory; close it with `closeTenant`. */
export function testTenant(
  slapd: Pick<Slapd, 'url' | 'suffix' | 'appDn' | 'appPassword'>,
  changes: TenantInput = {},
): Tenant {
  return openTestTenant(testTenantConfig(slapd, changes))
}

/** A tenant of that configuration; directories that name no product are taken for OpenLDAP. */
export function openTestTenant(config: TenantConfig): Tenant {
  return openTenant(
    config,
    config.directories.map((one) => openDirectory(one, one.kind ?? 'openldap')),
  )
}
