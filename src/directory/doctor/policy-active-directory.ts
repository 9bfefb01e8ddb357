import { first } from '../../ldap/entry.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'
import { isThere } from './used-bases.ts'

/** The domain's own policy, and whether those of some (PSOs) are shown to the service account. */
export async function domainPolicyFindings({
  connection,
  rootDse,
  report,
  account,
}: Probe): Promise<Finding[]> {
  const dn = first(rootDse, 'defaultNamingContext') ?? ''
  const domain = await connection.read(dn, { attributes: ['lockoutThreshold'] })
  const threshold = domain && first(domain, 'lockoutThreshold')
  const container = `CN=Password Settings Container,CN=System,${dn}`
  return [
    ...(threshold === undefined ? [report('policy-unreadable', { dn })] : []),
    ...(threshold === '0'
      ? [
          report(
            'lockout-off',
            { dn },
            `Set-ADDefaultDomainPasswordPolicy -Identity "${dn}" -LockoutThreshold 10 -LockoutDuration 0:15:0 -LockoutObservationWindow 0:15:0`,
          ),
        ]
      : []),
    ...((await isThere(connection, container))
      ? []
      : [report('policies-unseen', { dn: container }, `dsacls "${container}" /I:T /G "${account}:GR"`)]),
  ]
}
