import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Closing } from '../../src/directory/account-state.ts'
import { formatGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import { dn, toDn } from '../../src/ldap/dn.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../support/slapd.ts'
import type { Causes, DirectoryServer, OwnPolicy, TestPerson } from './directory-server.ts'

/** The suite's people come after those whom other tests know by name. */
const FIRST = 10

/** What SupAnn calls so, under a number for experiments. */
const supann = `
attributetype ( 1.1.2.1 NAME 'supannRessourceEtat' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.1.2.2 NAME 'supannPerson' SUP top AUXILIARY MAY supannRessourceEtat )`

export type SlapdServer = DirectoryServer & { readonly slapd: Slapd }

/** An OpenLDAP for the suite, set up to allow binds without a password, as some are. */
export async function slapdServer(options: SlapdOptions = {}): Promise<SlapdServer> {
  const slapd = await startSlapd({
    seed: { people: 110 },
    globalLines: `allow bind_anon_dn bind_anon_cred\n${supann}`,
    databaseLines: 'lastbind on',
    ...options,
  })
  const people = toDn(`ou=people,${slapd.suffix}`)
  return {
    slapd,
    kind: 'openldap',
    config: directorySchema.parse({
      name: 'main',
      urls: [slapd.url],
      bind: { dn: slapd.appDn, password: slapd.appPassword },
      defaultPolicy: `cn=default,ou=policies,${slapd.suffix}`,
    }),
    people,
    person(n) {
      const login = `u${String(FIRST + n).padStart(6, '0')}`
      return { dn: dn`uid=${login},${people}`, login, password: `pw-${login}` }
    },
    can: {
      lock: true,
      validFrom: true,
      validUntil: true,
      grace: true,
      idle: true,
      resetUnlocks: true,
      lastSignIn: true,
      noPassword: true,
      passwordElsewhere: true,
      closings: ['hash-prefix', 'resource-state', 'shadow-expire'],
    },
    cause: causes(slapd),
    says: { 'too-short': 'too-short', 'in-history': 'in-history', 'too-young': 'too-young' },
    minLength: 8,
    stop: () => slapd.stop(),
  }
}

function causes(slapd: Slapd): Causes {
  const apply = (ldif: string) => ldapmodify(asRoot(slapd), ldif)
  const haveOwn = new Set<string>()
  const replace = (person: TestPerson, values: Readonly<Record<string, string>>) =>
    apply(
      `dn: ${person.dn}\nchangetype: modify\n${Object.entries(values)
        .map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-\n`)
        .join('')}`,
    )
  return {
    async policy(person, rules) {
      const policy = `cn=${person.login},ou=policies,${slapd.suffix}`
      if (haveOwn.has(policy)) await apply(`dn: ${policy}\nchangetype: delete\n`)
      haveOwn.add(policy)
      await apply(
        `dn: ${policy}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: ${person.login}\n${policyLines(rules)}\n`,
      )
      await replace(person, { pwdPolicySubentry: policy })
    },
    disabled: (person) => replace(person, { pwdStartTime: '20991231235959Z' }),
    locked: (person) => replace(person, { pwdAccountLockedTime: '000001010000Z' }),
    dates: (person, { from, until }) =>
      replace(person, {
        ...(from && { pwdStartTime: formatGeneralizedTime(from) }),
        ...(until && { pwdEndTime: formatGeneralizedTime(until) }),
      }),
    mustChange: (person) => replace(person, { pwdReset: 'TRUE' }),
    closed: (person, how) => apply(`dn: ${person.dn}\nchangetype: modify\n${closingLines[how]}\n`),
    noPassword: (person) => apply(`dn: ${person.dn}\nchangetype: modify\ndelete: userPassword\n`),
    passwordElsewhere: (person, identity) => replace(person, { userPassword: `{SASL}${identity}` }),
  }
}

function policyLines({ maxAge = 0, minAge = 0, grace = 0, maxIdle = 0 }: OwnPolicy): string {
  return `pwdAttribute: userPassword
pwdMinLength: 8
pwdCheckQuality: 1
pwdLockout: TRUE
pwdMaxFailure: 5
pwdMustChange: TRUE
pwdMaxAge: ${maxAge}
pwdMinAge: ${minAge}
pwdGraceAuthNLimit: ${grace}
pwdMaxIdle: ${maxIdle}`
}

const closingLines: Readonly<Record<Closing, string>> = {
  'hash-prefix': 'replace: userPassword\nuserPassword: {SSHA}!bm90IGEgcmVhbCBoYXNo',
  'resource-state':
    'add: objectClass\nobjectClass: supannPerson\n-\nadd: supannRessourceEtat\nsupannRessourceEtat: {MAIL}A\nsupannRessourceEtat: {COMPTE}I:SupannSuspendu',
  'shadow-expire': 'add: objectClass\nobjectClass: shadowAccount\n-\nadd: shadowExpire\nshadowExpire: 20000',
}
