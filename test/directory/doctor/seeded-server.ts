import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from '../../support/programs.ts'
import type { Slapd } from '../../support/slapd.ts'
import { makeTlsFiles } from '../../support/tls-files.ts'
import { configure, rightLines, rightTenant } from './right-setup.ts'
import { app, database, day, first, modified, overlay, type Seeded } from './seeded.ts'

const run = promisify(execFile)

/** Faults of the server, of the ways to it, and of the service account's rights. */
export const serverFaults: readonly Seeded[] = [
  {
    fault: 'an index is missing',
    finds: 'index-missing',
    seed: (slapd) => configure(slapd, modified(database, 'delete: olcDbIndex\nolcDbIndex: pwdReset eq')),
    isMended: true,
  },
  {
    fault: 'the service account has manage rights',
    finds: 'rights-manage',
    seed: (slapd) => configure(slapd, first(`to * by dn.exact="${app}" manage by * break`)),
    isMended: true,
  },
  {
    fault: 'the service account has manage rights on passwords alone',
    finds: 'policy-passed',
    seed: (slapd) => configure(slapd, first(`to attrs=userPassword by dn.exact="${app}" manage by * break`)),
    isMended: true,
  },
  {
    fault: 'the service is the administrator of the database',
    finds: 'rights-manage',
    tenant: (slapd) => rightTenant(slapd, { bind: { dn: slapd.rootDn, password: slapd.rootPassword } }),
    // What cn=config shows, it shows to another account.
    also: ['config-unseen'],
  },
  {
    fault: 'the service account may not write passwords',
    finds: 'write-refused',
    seed: (slapd) => configure(slapd, first(`to attrs=userPassword by dn.exact="${app}" read by * break`)),
    isMended: true,
  },
  {
    fault: 'the service account may not write locks',
    finds: 'write-refused',
    seed: (slapd) =>
      configure(slapd, first(`to attrs=pwdAccountLockedTime by dn.exact="${app}" read by * break`)),
    isMended: true,
  },
  {
    fault: 'the service account may write passwords and not see them',
    finds: 'password-unreadable',
    also: ['decoy-hash-unseen'],
    seed: (slapd) => configure(slapd, first(`to attrs=userPassword by dn.exact="${app}" =wx by * break`)),
    isMended: true,
  },
  {
    fault: 'the service account does not see when passwords were changed',
    finds: 'state-unreadable',
    seed: (slapd) => configure(slapd, first(`to attrs=pwdChangedTime by dn.exact="${app}" none by * break`)),
    isMended: true,
  },
  {
    fault: 'the service account may force a change and not see it',
    finds: 'state-unreadable',
    seed: (slapd) => configure(slapd, first(`to attrs=pwdReset by dn.exact="${app}" =w by * break`)),
    isMended: true,
  },
  {
    fault: 'the certificate has expired',
    finds: 'certificate-expired',
    seed: (slapd) => reissue(slapd, { days: -1, name: 'IP:127.0.0.1' }),
  },
  {
    fault: 'the certificate ends soon',
    finds: 'certificate-ending',
    also: ['clock-differs'],
    clock: () => new Date(Date.now() + 12 * day),
  },
  {
    fault: 'the certificate is from another authority',
    finds: 'certificate-untrusted',
    seed: async (slapd) => {
      await writeFile(join(slapd.dir, 'own-ca.pem'), slapd.ca)
      await makeTlsFiles(join(slapd.dir, 'tls'))
      await slapd.restart()
    },
    tenant: (slapd) => rightTenant(slapd, { ca: join(slapd.dir, 'own-ca.pem') }),
  },
  {
    fault: 'the certificate is for another name',
    finds: 'certificate-wrong-name',
    seed: (slapd) => reissue(slapd, { days: 30, name: 'DNS:ldap.elsewhere.example' }),
  },
  {
    fault: 'binds without a password are allowed',
    finds: 'unauthenticated-binds',
    start: { globalLines: 'allow bind_anon_dn' },
    isMended: true,
  },
  {
    fault: 'binds without a name are allowed',
    finds: 'unauthenticated-binds',
    start: { globalLines: 'allow bind_anon_cred' },
    isMended: true,
  },
  {
    fault: 'the service account has the limits of everybody',
    finds: 'size-limit',
    seed: (slapd) =>
      configure(slapd, modified(database, 'delete: olcLimits\n-\nreplace: olcSizeLimit\nolcSizeLimit: 10')),
    isMended: true,
  },
  {
    fault: 'the clocks differ',
    finds: 'clock-differs',
    clock: () => new Date(Date.now() + 3_600_000),
  },
  {
    fault: 'anybody may read people',
    finds: 'anonymous-read',
    start: { anonymousRead: true },
  },
  {
    fault: 'the database is almost full',
    finds: 'database-almost-full',
    start: { databaseLines: `${rightLines}\nmaxsize 491520` },
  },
  {
    fault: 'a server is dead',
    finds: 'server-unreachable',
    tenant: (slapd) => rightTenant(slapd, { urls: [slapd.ldapsUrl, 'ldaps://127.0.0.1:1'] }),
  },
  {
    fault: 'the password of the service account is wrong',
    finds: 'bind-refused',
    tenant: (slapd) => rightTenant(slapd, { bind: { dn: app, password: 'another one' } }),
  },
  {
    fault: 'the configuration calls it another product',
    finds: 'kind-differs',
    tenant: (slapd) => rightTenant(slapd, { kind: 'ds389' }),
    also: ['write-refused', 'policy-unreadable', 'sign-ins-unrecorded', 'clock-unseen', 'rights-unseen'],
  },
  {
    fault: 'refint does not keep managers',
    finds: 'references-kept-partly',
    seed: (slapd) =>
      configure(
        slapd,
        modified(overlay(1, 'refint'), 'replace: olcRefintAttribute\nolcRefintAttribute: member'),
      ),
  },
]

/** Gives the server another certificate of its authority, for its key. */
async function reissue(slapd: Slapd, { days, name }: { days: number; name: string }): Promise<void> {
  const cwd = join(slapd.dir, 'tls')
  const { path, env } = findProgram('openssl')
  await writeFile(join(cwd, 'names'), `subjectAltName=${name}`)
  for (const args of [
    'req -new -key key.pem -subj /CN=localhost -out request.pem',
    `x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days} -extfile names -out cert.pem`,
  ])
    await run(path, args.split(' '), { cwd, env })
  await slapd.restart()
}
