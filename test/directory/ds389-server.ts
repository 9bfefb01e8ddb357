import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Closing } from '../../src/directory/account-state.ts'
import { dn as dnOf, toDn } from '../../src/ldap/dn.ts'
import { formatGeneralizedTime, parseGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import { startDs389, type Ds389 } from '../support/ds389.ts'
import { loginOf, passwordOf } from '../support/ds389-ldif.ts'
import { ldapmodify, ldapsearch } from '../support/ldap-tools.ts'
import type { Causes, DirectoryServer, OwnPolicy, TestPerson } from './directory-server.ts'

/** The suite's people come after those whom other tests know by name. */
const FIRST = 10

export type Ds389Server = DirectoryServer & { readonly server: Ds389 }

/** A 389-DS for the suite, by a service account that is no administrator. It is set up to allow binds without a password, as some are. */
export async function ds389Server(): Promise<Ds389Server> {
  const server = await startDs389()
  const people = toDn(`ou=people,${server.suffix}`)
  const root = { url: server.url, dn: server.rootDn, password: server.rootPassword }
  const apply = (ldif: string) => ldapmodify(root, ldif)
  await apply(supann)
  await apply(
    `dn: cn=nsPwPolicyContainer,${people}\nchangetype: add\nobjectClass: nsContainer\ncn: nsPwPolicyContainer\n`,
  )
  return {
    server,
    kind: 'ds389',
    config: directorySchema.parse({
      name: 'main',
      urls: [server.ldapsUrl],
      ca: server.caFile,
      bind: { dn: server.appDn, password: server.appPassword },
    }),
    people,
    person(n) {
      const login = loginOf(FIRST + n)
      return { dn: dnOf`uid=${login},${people}`, login, password: passwordOf(login) }
    },
    can: {
      lock: true,
      validFrom: false,
      validUntil: false,
      grace: true,
      idle: true,
      resetUnlocks: true,
      lastSignIn: true,
      noPassword: true,
      passwordElsewhere: false,
      closings: ['hash-prefix', 'resource-state', 'shadow-expire'],
    },
    cause: causes(apply, {
      suffix: server.suffix,
      people,
      ask: (dn, attribute) => ldapsearch(root, dn, '(objectClass=*)', attribute),
    }),
    says: { 'too-short': 'insufficient-quality', 'in-history': 'in-history', 'too-young': 'too-young' },
    minLength: 8,
    stop: () => server.stop(),
  }
}

/** What SupAnn calls so, under a number for experiments. */
const supann = `dn: cn=schema
changetype: modify
add: attributeTypes
attributeTypes: ( 1.1.2.1 NAME 'supannRessourceEtat' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
-
add: objectClasses
objectClasses: ( 1.1.2.2 NAME 'supannPerson' SUP top AUXILIARY MAY supannRessourceEtat )
`

type Apply = (ldif: string) => Promise<void>

type Where = { suffix: string; people: string; ask(dn: string, attribute: string): Promise<string> }

function causes(apply: Apply, { suffix, people, ask }: Where): Causes {
  const notHere = () => Promise.reject(new Error('389-DS knows no such thing'))
  const haveOwn = new Set<string>()
  const replace = (person: TestPerson, values: Readonly<Record<string, string>>) =>
    apply(`dn: ${person.dn}\nchangetype: modify\n${replacing(values)}`)
  /** By the Account Policy plugin, whose policies are entries of their own. */
  const shutOutAfter = async (person: TestPerson, seconds: number) => {
    const dn = `cn=${person.login},ou=policies,${suffix}`
    await apply(
      `dn: ${dn}\nchangetype: add\nobjectClass: ldapsubentry\nobjectClass: extensibleObject\nobjectClass: accountpolicy\ncn: ${person.login}\naccountInactivityLimit: ${seconds}\n`,
    )
    await replace(person, { acctPolicySubentry: dn })
  }
  return {
    async policy(person, rules) {
      const policy = `cn=${person.login},cn=nsPwPolicyContainer,${people}`
      if (haveOwn.has(policy)) await apply(`dn: ${policy}\nchangetype: delete\n`)
      haveOwn.add(policy)
      await apply(`dn: ${policy}\nchangetype: add\n${policyLines(person, rules)}`)
      await replace(person, { pwdPolicySubentry: policy })
      if (rules.maxIdle !== undefined) await shutOutAfter(person, rules.maxIdle)
      // Both are dates that the server writes with a password, from its time on: a new policy holds from the next password on.
      const [, set = ''] = /^pwdUpdateTime: (.*)$/m.exec(await ask(person.dn, 'pwdUpdateTime')) ?? []
      const after = (seconds: number) => inSeconds(seconds, parseGeneralizedTime(set) ?? new Date())
      const { maxAge, minAge } = rules
      if (maxAge !== undefined) await replace(person, { passwordExpirationTime: after(maxAge) })
      if (minAge !== undefined) await replace(person, { passwordAllowChangeTime: after(minAge) })
    },
    disabled: (person) => replace(person, { nsAccountLock: 'true' }),
    locked: (person) => replace(person, { passwordRetryCount: '5', accountUnlockTime: '20991231235959Z' }),
    dates: notHere,
    mustChange: (person) => replace(person, { passwordExpirationTime: '19700101000000Z' }),
    closed: (person, how) => apply(`dn: ${person.dn}\nchangetype: modify\n${closingLines[how]}\n`),
    noPassword: (person) => apply(`dn: ${person.dn}\nchangetype: modify\ndelete: userPassword\n`),
    passwordElsewhere: notHere,
  }
}

function inSeconds(seconds: number, from: Date): string {
  return formatGeneralizedTime(new Date(from.getTime() + seconds * 1_000))
}

function replacing(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-\n`)
    .join('')
}

function policyLines({ login }: TestPerson, { maxAge = 0, minAge = 0, grace = 0 }: OwnPolicy): string {
  return `objectClass: ldapsubentry
objectClass: passwordpolicy
cn: ${login}
passwordLockout: on
passwordMaxFailure: 5
passwordLockoutDuration: 1800
passwordMustChange: on
passwordCheckSyntax: on
passwordMinLength: 8
passwordHistory: on
passwordInHistory: 3
passwordExp: ${maxAge === 0 ? 'off' : 'on'}
passwordMaxAge: ${maxAge === 0 ? 8_640_000 : maxAge}
passwordWarning: 0
passwordMinAge: ${minAge}
passwordGraceLimit: ${grace}
passwordTrackUpdateTime: on
`
}

const closingLines: Readonly<Record<Closing, string>> = {
  'hash-prefix': 'replace: userPassword\nuserPassword: {SSHA}!bm90IGEgcmVhbCBoYXNo',
  'resource-state':
    'add: objectClass\nobjectClass: supannPerson\n-\nadd: supannRessourceEtat\nsupannRessourceEtat: {MAIL}A\nsupannRessourceEtat: {COMPTE}I:SupannSuspendu',
  'shadow-expire': 'add: objectClass\nobjectClass: shadowAccount\n-\nadd: shadowExpire\nshadowExpire: 20000',
}
