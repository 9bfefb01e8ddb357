import type { DirectoryKind } from '../../config/directory-schema.ts'
import { domainPolicyFindings } from './policy-active-directory.ts'
import { ds389PolicyFindings } from './policy-ds389.ts'
import { ppolicyFindings } from './policy-openldap.ts'
import type { Check } from './probe.ts'

const byKind: Readonly<Record<DirectoryKind, Check['run']>> = {
  openldap: ppolicyFindings,
  ds389: ds389PolicyFindings,
  'active-directory': domainPolicyFindings,
}

/** Whether the server holds to locks, dates and changes that are forced: all of it hangs on a password policy. */
export const policy: Check = { name: 'policy', run: (probe) => byKind[probe.settings.kind](probe) }
