import { parentDn } from '../../ldap/dn.ts'
import { first, type Entry } from '../../ldap/entry.ts'
import { policyAttributes as ds389Attributes, policyOf as ds389PolicyOf } from '../ds389/policy.ts'
import { policyAttributes, policyOf } from '../openldap/policy.ts'
import type { Finding } from './finding.ts'
import { addition, asAdministrator, quoted, replacement } from './fix.ts'
import { administratorOf } from './policy-openldap.ts'
import type { Probe } from './probe.ts'
import { isThere } from './used-bases.ts'

/** Whether wrong passwords lock the decoy: a locked entry is refused before its password is looked at, which is quicker. */
export async function lockFindings(probe: Probe, decoy: Entry): Promise<Finding[]> {
  const { settings, report } = probe
  const { dn } = decoy
  const named = first(decoy, 'pwdPolicySubentry')
  const fix =
    settings.kind === 'ds389' ? await ds389Fix(probe, dn, named) : await openLdapFix(probe, dn, named)
  return fix === undefined ? [] : [report('decoy-lockable', { dn }, fix)]
}

/** Undefined where the policy locks nobody. */
async function ds389Fix({ connection, url }: Probe, dn: string, named = 'cn=config') {
  const policy = await connection.read(named, { attributes: ds389Attributes })
  if (policy === undefined || !ds389PolicyOf(policy).lockout) return undefined
  return `dsconf -D 'cn=Directory Manager' ${quoted(url)} localpwp adduser --pwdlockout=off ${quoted(dn)}`
}

async function openLdapFix(probe: Probe, dn: string, named = probe.settings.defaultPolicy) {
  const { connection, url } = probe
  if (named === undefined) return undefined
  const policy = await connection.read(named, { attributes: policyAttributes })
  if (policy === undefined || !policyOf(policy).lockout) return undefined
  const own = `cn=never-locks,${parentDn(named) ?? ''}`
  const entry = addition(own, {
    objectClass: ['device', 'pwdPolicy'],
    cn: 'never-locks',
    pwdAttribute: 'userPassword',
    pwdLockout: 'FALSE',
  })
  const records = [
    ...((await isThere(connection, own)) ? [] : [entry]),
    replacement(dn, { pwdPolicySubentry: own }),
  ]
  return asAdministrator(url, await administratorOf(probe), ...records)
}
