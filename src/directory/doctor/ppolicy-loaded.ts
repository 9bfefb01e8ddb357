import { PASSWORD_POLICY } from '../../ldap/controls/password-policy.ts'
import { first, text } from '../../ldap/entry.ts'
import type { Probe } from './probe.ts'
import { overlayOf } from './slapd-config.ts'

/** Its control is in the root DSE whichever database it is loaded for, so the database is looked at where it can be. */
export function isPpolicyOn({ rootDse, config }: Pick<Probe, 'rootDse' | 'config'>): boolean {
  if (!text(rootDse, 'supportedControl').includes(PASSWORD_POLICY)) return false
  return config === undefined || overlayOf(config, 'ppolicy') !== undefined
}

/** The DN that slapd's `ppolicy_default` names, where it is shown. */
export function appliedDefault({ config }: Pick<Probe, 'config'>): string | undefined {
  const overlay = config && overlayOf(config, 'ppolicy')
  return overlay && first(overlay, 'olcPPolicyDefault')
}
