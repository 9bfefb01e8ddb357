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

export type SambaServer = DirectoryServer & {
  readonly ad: SambaAd
  /** By the controller's administrator: one attribute of one person. Bytes where text would not do. */
  set(person: TestPerson, attribute: string, value: string | Buffer): Promise<void>
  /** Puts the person under a PSO with these values in place of the usual ones. */
  underPso(person: TestPerson, values: Readonly<Record<string, string>>): Promise<void>
}

/** An Active Directory for the suite, by a service account with delegated rights: no administrator. */
export async function sambaServer(): Promise<SambaServer> {
  const ad = await startSambaAd()
  const hands = administrator(ad)
  return {
    ad,
    ...hands,
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
      validUntil: true,
      grace: false,
      idle: false,
      resetUnlocks: false,
      lastSignIn: true,
      noPassword: true,
      passwordElsewhere: false,
      closings: [],
    },
    cause: causes(ad, hands),
    says: { 'too-short': 'too-short', 'in-history': 'in-history', 'too-young': 'too-young' },
    minLength: 8,
    stop: () => ad.stop(),
  }
}

type Hands = Pick<SambaServer, 'set' | 'underPso'>

function administrator(ad: SambaAd): Hands {
  const apply = (ldif: string) => ldapmodify(ad.admin, ldif)
  const haveOwn = new Set<string>()
  return {
    set: ({ dn }, attribute, value) => {
      const line = typeof value === 'string' ? `: ${value}` : `:: ${value.toString('base64')}`
      return apply(`dn: ${dn}\nchangetype: modify\nreplace: ${attribute}\n${attribute}${line}\n`)
    },
    async underPso(person, values) {
      const pso = `CN=${person.login},CN=Password Settings Container,CN=System,${ad.baseDn}`
      if (haveOwn.has(pso)) await apply(`dn: ${pso}\nchangetype: delete\n`)
      haveOwn.add(pso)
      const lines = Object.entries({ ...usualPso, 'msDS-PSOAppliesTo': person.dn, ...values })
      await apply(
        `dn: ${pso}\nchangetype: add\n${lines.map(([name, value]) => `${name}: ${value}\n`).join('')}`,
      )
    },
  }
}

function causes(ad: SambaAd, { set, underPso }: Hands): Causes {
  const notHere = () => Promise.reject(new Error('Active Directory knows no such thing'))
  return {
    async policy(person, { maxAge, minAge = 0 }: OwnPolicy) {
      await underPso(person, {
        'msDS-MinimumPasswordAge': interval(minAge),
        'msDS-MaximumPasswordAge': maxAge === undefined ? NO_END : interval(Math.max(maxAge, SHORTEST_AGE)),
      })
      if (maxAge !== undefined && maxAge < SHORTEST_AGE) await age(ad, person, SHORTEST_AGE - maxAge)
    },
    disabled: (person) => set(person, 'userAccountControl', '514'),
    locked: notHere,
    dates: (person, { until }) => set(person, 'accountExpires', until ? fileTime(until) : '0'),
    mustChange: (person) => set(person, 'pwdLastSet', '0'),
    closed: notHere,
    // A smart card is wanted from then on, and the controller replaces the password by one that nobody knows.
    noPassword: (person) => set(person, 'userAccountControl', String(0x200 + 0x4_0000)),
    passwordElsewhere: notHere,
  }
}

/** An interval without an end, in a policy. */
export const NO_END = '-9223372036854775808'

const interval = (seconds: number): string => (seconds === 0 ? '0' : `-${seconds}0000000`)

const usualPso = {
  objectClass: 'msDS-PasswordSettings',
  'msDS-PasswordSettingsPrecedence': '10',
  'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
  'msDS-PasswordHistoryLength': '3',
  'msDS-PasswordComplexityEnabled': 'TRUE',
  'msDS-MinimumPasswordLength': '8',
  'msDS-MinimumPasswordAge': '0',
  'msDS-MaximumPasswordAge': NO_END,
  'msDS-LockoutThreshold': '5',
  'msDS-LockoutObservationWindow': interval(1_800),
  'msDS-LockoutDuration': interval(1_800),
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
export function fileTime(date: Date): string {
  return `${date.getTime() + 11_644_473_600_000}0000`
}
