import { join } from 'node:path'
import { configAttributes } from '../../../src/directory/doctor/slapd-config.ts'
import { toDn } from '../../../src/ldap/dn.ts'
import type { TenantConfig } from '../../../src/config/tenant-schema.ts'
import { asRoot, ldapmodify, ldapTool } from '../../support/ldap-tools.ts'
import { argon2 } from '../../support/password-hashes.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'

/** What an OpenLDAP needs beside what the test directory has: sign-ins are recorded, and what reports search by has an index. */
export const rightLines = `lastbind on
index pwdAccountLockedTime,pwdReset,pwdStartTime,pwdEndTime,pwdChangedTime,pwdLastSuccess,pwdPolicySubentry eq
index pwdAccountTmpLockoutEnd,uniqueMember,memberUid eq
index jpegPhoto pres`

export const decoyDn = (suffix: string) => `cn=decoy,ou=services,${suffix}`

/** A slapd that is set up as docs/directories.md says. `changes` seeds faults that only a start can bring. */
export async function startRightSlapd(changes: SlapdOptions = {}): Promise<Slapd> {
  const slapd = await startSlapd({
    seed: { people: 30, argon2: true },
    passwordHash: '{ARGON2}',
    databaseLines: rightLines,
    ...changes,
  })
  const { suffix } = slapd
  await ldapmodify(
    asRoot(slapd),
    `dn: cn=never-locks,ou=policies,${suffix}
changetype: add
objectClass: device
objectClass: pwdPolicy
cn: never-locks
pwdAttribute: userPassword
pwdLockout: FALSE

dn: ${decoyDn(suffix)}
changetype: add
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: decoy
userPassword: ${argon2('nobody knows this one')}
pwdPolicySubentry: cn=never-locks,ou=policies,${suffix}
`,
  )
  await configure(
    slapd,
    `dn: olcDatabase={0}config,cn=config
changetype: modify
add: olcAccess
olcAccess: {0}to dn.subtree="cn=config" attrs=entry,${configAttributes.join(',')} by dn.exact="${slapd.appDn}" read by * break
`,
  )
  return slapd
}

/** Changes the running server's settings, as root on its machine does. */
export async function configure({ ldapiUrl }: Slapd, ldif: string): Promise<void> {
  await ldapTool('ldapmodify', { url: ldapiUrl, external: true }, [], ldif)
}

type Changes = Parameters<typeof testTenantConfig>[1]
type DirectoryChanges = Partial<TenantConfig['directories'][number]>

/** The tenant on it, over TLS and with a decoy. */
export function rightTenant(
  slapd: Slapd,
  directory: DirectoryChanges = {},
  changes: Changes = {},
): TenantConfig {
  const usual = testTenantConfig(slapd, changes)
  const [main] = usual.directories
  if (main === undefined) throw new Error('no directory')
  const urls = [slapd.ldapsUrl]
  const decoy = toDn(decoyDn(slapd.suffix))
  return {
    ...usual,
    directories: [{ ...main, urls, ca: join(slapd.dir, 'tls/ca.pem'), decoy, ...directory }],
  }
}
