import type { TenantConfig, UseName } from '../config/tenant-schema.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'
import { toDn } from '../ldap/dn.ts'
import { parseFilter, type Filter } from '../ldap/filter.ts'
import type { Tenant } from './tenant.ts'

/** Which entries a use looks for. */
const classesOf: Readonly<Record<UseName, 'people' | 'groups'>> = {
  signIn: 'people',
  whitePages: 'people',
  desk: 'people',
  groups: 'groups',
}

/** Makes a tenant from its checked configuration and its directories. Opens no connection: a directory that is down makes its answers 503, not the start fail. */
export function openTenant(config: TenantConfig, open: readonly Directory[]): Tenant {
  const directories = new Map(open.map((directory) => [directory.name, directory]))
  const branchesOf = (use: UseName): Branch[] =>
    config.uses[use].map(({ directory: name, base, filter: text }) => {
      const directory = directories.get(name)
      if (directory === undefined) throw new Error(`no directory is named ${name}`)
      return { directory, base: toDn(base), filter: branchFilter(directory[classesOf[use]], text) }
    })
  return {
    name: config.name,
    issuer: new URL(config.issuer).origin,
    config,
    directories,
    uses: {
      signIn: branchesOf('signIn'),
      whitePages: branchesOf('whitePages'),
      desk: branchesOf('desk'),
      groups: branchesOf('groups'),
    },
  }
}

/** Closes the tenant’s directories. */
export async function closeTenant(tenant: Tenant): Promise<void> {
  await Promise.all([...tenant.directories.values()].map((directory) => directory.close()))
}

function branchFilter(ofClass: Filter, text: string | undefined): Filter {
  return text === undefined ? ofClass : { type: 'and', filters: [ofClass, parseFilter(text)] }
}
