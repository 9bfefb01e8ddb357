import type { DirectoryKind } from '../../config/directory-schema.ts'
import { activeDirectoryRights } from './rights-active-directory.ts'
import { ds389Rights } from './rights-ds389.ts'
import { openLdapRights } from './rights-openldap.ts'
import type { Check } from './probe.ts'

const byKind: Readonly<Record<DirectoryKind, Check['run']>> = {
  openldap: openLdapRights,
  ds389: ds389Rights,
  'active-directory': activeDirectoryRights,
}

/** Whether the service account may write what the acts write, and no more. */
export const rights: Check = { name: 'rights', run: (probe) => byKind[probe.settings.kind](probe) }
