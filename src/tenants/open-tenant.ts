import type { DirectoryConfig } from '../config/directory-schema.ts'
import type { TenantConfig, UseName } from '../config/tenant-schema.ts'
import type { Branch } from '../directory/branch.ts'
import type { Directory } from '../directory/directory.ts'
import { toDn } from '../ldap/dn.ts'
import { filter, parseFilter, type Filter } from '../ldap/filter.ts'
import type { Tenant } from './tenant.ts'

/** Which object classes a use looks for when the configuration names no filter. */
const classesOf: Readonly<Record<UseName, 'personClasses' | 'groupClasses'>> = {
  signIn: 'personClasses',
  whitePages: 'personClasses',
  desk: 'personClasses',
  groups: 'groupClasses',
}

/** Makes a tenant from its checked configuration. Opens no connection: a directory that is down makes its answers 503, not the start fail. */
export function openTenant(
  config: TenantConfig,
  openDirectory: (config: DirectoryConfig) => Directory,
): Tenant {
  const directories = new Map(
    config.directories.map((directory) => [directory.name, openDirectory(directory)]),
  )
  const branchesOf = (use: UseName): Branch[] =>
    config.uses[use].map(({ directory: name, base, filter: text }) => {
      const directory = directories.get(name)
      const settings = config.directories.find((candidate) => candidate.name === name)
      if (directory === undefined || settings === undefined) throw new Error(`no directory is named ${name}`)
      return { directory, base: toDn(base), filter: branchFilter(settings[classesOf[use]], text) }
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

function branchFilter(classes: readonly string[], text: string | undefined): Filter {
  const ofClass: Filter = { type: 'or', filters: classes.map((name) => filter`(objectClass=${name})`) }
  return text === undefined ? ofClass : { type: 'and', filters: [ofClass, parseFilter(text)] }
}
