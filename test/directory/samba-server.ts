import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { directorySchema } from '../../src/config/directory-schema.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { ldapmodify } from '../support/ldap-tools.ts'
import { findProgram } from '../support/programs.ts'
import { loginOf, passwordOf, personDn } from '../support/samba-ad-ldif.ts'
import { startSambaAd, type SambaAd } from '../support/samba-ad.ts'
import type { Causes, DirectoryServer, OwnPolicy, TestPerson } from './directory-server.ts'

const run = promisify(execFile)

/** The suite's people come after those whom other tests know by name. */
const FIRST = 10
const DAY = 86_400
/** Samba takes a password's age of a day and less for none. */
const SHORTEST_AGE = 2 * DAY

export type SambaServer = DirectoryServer & { readonly ad: SambaAd }

/** An Active Directory for the suite, by a service account with delegated rights: no administrator. */
export async function sambaServer(): Promise<SambaServer> {
  const ad = await startSambaAd()
  return {
    ad,
    kind: 'active-directory',
    config: directorySchema.parse({
      name: 'main',
      urls: [ad.ldapsUrl],
      ca: ad.caFile,
      bind: { dn: ad.appDn, password: ad.appPassword },
    }),
    people: toDn(`OU=people,${ad.baseDn}`),
    person(n) {
      const login = loginOf(FIRST + n)
      return { dn: toDn(personDn(FIRST + n)), login, password: passwordOf(login) }
    },
    can: {
      lock: false,
      validFrom: false,
      grace: false,
      idle: false,
      resetUnlocks: false,
      lastSignIn: true,
      noPassword: true,
      passwordElsewhere: false,
      closings: [],
    },
    cause: causes(ad),
    says: { 'too-short': 'too-short', 'in-history': 'in-history', 'too-young': 'too-young' },
    minLength: 8,
    stop: () => ad.stop(),
  }
}

function causes(ad: SambaAd): Causes {
  const apply = (ldif: string) => ldapmodify(ad.admin, ldif)
  const haveOwn = new Set<string>()
  const replace = ({ dn }: TestPerson, attribute: string, value: string) =>
    apply(`dn: ${dn}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`)
  const notHere = () => Promise.reject(new Error('Active Directory knows no such thing'))
  return {
    async policy(person, rules) {
      const pso = `CN=${person.login},CN=Password Settings Container,CN=System,${ad.baseDn}`
      if (haveOwn.has(pso)) await apply(`dn: ${pso}\nchangetype: delete\n`)
      haveOwn.add(pso)
      await apply(`dn: ${pso}\nchangetype: add\n${psoLines(person, rules)}\n`)
      const { maxAge = SHORTEST_AGE } = rules
      if (maxAge < SHORTEST_AGE) await age(ad, person, SHORTEST_AGE - maxAge)
    },
    disabled: (person) => replace(person, 'userAccountControl', '514'),
    locked: notHere,
    dates: (person, { until }) => replace(person, 'accountExpires', until ? fileTime(until) : '0'),
    mustChange: (person) => replace(person, 'pwdLastSet', '0'),
    closed: notHere,
    // A smart card is wanted from then on, and the controller replaces the password by one that nobody knows.
    noPassword: (person) => replace(person, 'userAccountControl', String(0x200 + 0x4_0000)),
    passwordElsewhere: notHere,
  }
}

function psoLines(person: TestPerson, { maxAge, minAge = 0 }: OwnPolicy): string {
  const span = (seconds: number) => (seconds === 0 ? '0' : `-${seconds}0000000`)
  const oldest = maxAge === undefined ? '-9223372036854775808' : span(Math.max(maxAge, SHORTEST_AGE))
  return `objectClass: msDS-PasswordSettings
msDS-PasswordSettingsPrecedence: 10
msDS-PasswordReversibleEncryptionEnabled: FALSE
msDS-PasswordHistoryLength: 3
msDS-PasswordComplexityEnabled: TRUE
msDS-MinimumPasswordLength: 8
msDS-MinimumPasswordAge: ${span(minAge)}
msDS-MaximumPasswordAge: ${oldest}
msDS-LockoutThreshold: 5
msDS-LockoutObservationWindow: ${span(1_800)}
msDS-LockoutDuration: ${span(1_800)}
msDS-PSOAppliesTo: ${person.dn}`
}

/** Makes a password older by so many seconds, in the controller's own files: over LDAP nobody can. */
async function age(ad: SambaAd, { dn }: TestPerson, seconds: number): Promise<void> {
  const { path, env } = findProgram('ldbmodify')
  const since = fileTime(new Date(Date.now() - seconds * 1_000))
  const files = ['-H', join(ad.dir, 'private/sam.ldb'), `--configfile=${join(ad.dir, 'etc/smb.conf')}`]
  // DSDB_CONTROL_PASSWORD_BYPASS_LAST_SET
  const running = run(path, [...files, '--controls=local_oid:1.3.6.1.4.1.7165.4.3.20:0'], { env })
  running.child.stdin?.end(`dn: ${dn}\nchangetype: modify\nreplace: pwdLastSet\npwdLastSet: ${since}\n`)
  await running
}

/** In 100 nanoseconds since 1601. */
function fileTime(date: Date): string {
  return `${date.getTime() + 11_644_473_600_000}0000`
}
