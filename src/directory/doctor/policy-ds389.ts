import { GLOBAL, globalAttributes, policyOf } from '../ds389/policy.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification, replacement } from './fix.ts'
import type { Probe } from './probe.ts'

/** The policy for everyone, which is in cn=config. */
export async function ds389PolicyFindings({ connection, report, url, account }: Probe): Promise<Finding[]> {
  const apply = (values: Readonly<Record<string, string>>) =>
    asAdministrator(url, 'cn=Directory Manager', replacement(GLOBAL, values))
  const entry = await connection.read(GLOBAL, { attributes: globalAttributes })
  if (entry === undefined || entry.attributes.size === 0) {
    const aci = `(targetattr="objectClass || ${globalAttributes.join(' || ')}")(version 3.0; acl "idaas reads the password policy"; allow (read,search,compare) userdn="ldap:///${account}";)`
    const rule = modification(GLOBAL, [{ operation: 'add', attribute: 'aci', values: [aci] }])
    return [report('policy-unreadable', { dn: GLOBAL }, asAdministrator(url, 'cn=Directory Manager', rule))]
  }
  const found = policyOf(entry)
  return [
    ...(found.lockout
      ? []
      : [
          report(
            'lockout-off',
            { dn: GLOBAL },
            apply({ passwordLockout: 'on', passwordMaxFailure: '10', passwordLockoutDuration: '900' }),
          ),
        ]),
    ...(found.mustChange
      ? []
      : [report('must-change-off', { dn: GLOBAL }, apply({ passwordMustChange: 'on' }))]),
  ]
}
