import type { Config } from '../config/schema.ts'
import type { TenantConfig } from '../config/tenant-schema.ts'
import { detectKind } from '../directory/detect-kind.ts'
import { openDirectory } from '../directory/open-directory.ts'
import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { openTenant } from '../tenants/open-tenant.ts'
import type { Tenant } from '../tenants/tenant.ts'

/**
 * The tenants with their directories. Servers are asked what they are where the configuration does not say: throws CannotStart, before anything is open,
 * while none answers. `sendsMail`: without it recovery is off, whatever a tenant wants.
 */
export async function openTenants(config: Config, { sendsMail }: { sendsMail: boolean }): Promise<Tenant[]> {
  const asked = config.tenants.map(async (tenant) => ({ tenant, kinds: await kindsOf(tenant) }))
  const known = await Promise.all(asked)
  return known.map(({ tenant, kinds }) => {
    const directories = tenant.directories.map((directory, index) =>
      openDirectory(directory, kinds[index] ?? 'openldap'),
    )
    return openTenant(withRecovery(tenant, sendsMail), directories)
  })
}

async function kindsOf(tenant: TenantConfig) {
  const asked = tenant.directories.map(async (directory) => {
    try {
      return await detectKind(directory)
    } catch (cause) {
      throw new CannotStart(
        commandText('command.tenant.silent', { directory: directory.name, tenant: tenant.name }),
        { cause },
      )
    }
  })
  return await Promise.all(asked)
}

/** Nobody gets a recovery link where no mail is sent: recovery is off then, whatever the tenant wants. */
function withRecovery(tenant: TenantConfig, sendsMail: boolean): TenantConfig {
  const { recovery } = tenant
  return sendsMail ? tenant : { ...tenant, recovery: { ...recovery, enabled: false } }
}
