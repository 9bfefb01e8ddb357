import { suffix } from './ds389-create.ts'
import { entry } from './ldif-entry.ts'

export const appDn = `cn=app,ou=services,${suffix}`
export const appPassword = 'app-secret-1'

export const loginOf = (index: number): string => `u${String(index).padStart(6, '0')}`
export const passwordOf = (login: string): string => `pw-${login}`

const policyAttributes = [
  'objectClass',
  'passwordLockout',
  'passwordUnlock',
  'passwordMaxFailure',
  'passwordLockoutDuration',
  'passwordResetFailureCount',
  'passwordMustChange',
  'passwordChange',
  'passwordExp',
  'passwordMaxAge',
  'passwordMinAge',
  'passwordWarning',
  'passwordGraceLimit',
  'passwordHistory',
  'passwordInHistory',
  'passwordCheckSyntax',
  'passwordMinLength',
  'passwordMinDigits',
  'passwordMinAlphas',
  'passwordMinUppers',
  'passwordMinLowers',
  'passwordMinSpecials',
  'passwordMinCategories',
  'passwordMinTokenLength',
  'passwordMaxRepeats',
]

const config = (dn: string, values: Readonly<Record<string, string>>): string =>
  `dn: ${dn}\nchangetype: modify\n${Object.entries(values)
    .map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-\n`)
    .join('')}\n`

/**
 * The server's own settings: a password policy for everyone (five wrong passwords lock for half an hour, three old ones are kept, eight characters
 * of three kinds, 90 days, two sign-ins after that), policies of single people allowed, sign-ins recorded, binds without a password allowed.
 */
export const ds389Settings = [
  config('cn=config', {
    passwordLockout: 'on',
    passwordUnlock: 'on',
    passwordMaxFailure: '5',
    passwordLockoutDuration: '1800',
    passwordResetFailureCount: '600',
    passwordHistory: 'on',
    passwordInHistory: '3',
    passwordCheckSyntax: 'on',
    passwordMinLength: '8',
    passwordMustChange: 'on',
    passwordExp: 'on',
    passwordMaxAge: String(90 * 86_400),
    passwordWarning: String(7 * 86_400),
    passwordGraceLimit: '2',
    passwordTrackUpdateTime: 'on',
    'nsslapd-pwpolicy-local': 'on',
    'nsslapd-allow-unauthenticated-binds': 'on',
  }),
  config('cn=Account Policy Plugin,cn=plugins,cn=config', {
    'nsslapd-pluginEnabled': 'on',
    'nsslapd-pluginarg0': 'cn=config,cn=Account Policy Plugin,cn=plugins,cn=config',
  }),
  config('cn=config,cn=Account Policy Plugin,cn=plugins,cn=config', {
    alwaysrecordlogin: 'yes',
    stateattrname: 'lastLoginTime',
    altstateattrname: 'createTimestamp',
    specattrname: 'acctPolicySubentry',
    limitattrname: 'accountInactivityLimit',
  }),
  // What the policy is can be read by the service account and by nobody else.
  `dn: cn=config\nchangetype: modify\nadd: aci\naci: (targetattr="${policyAttributes.join(' || ')}")(version 3.0; acl "idaas reads the password policy"; allow (read,search,compare) userdn="ldap:///${appDn}";)\n\n`,
].join('')

/** What is not among "all attributes" of an access rule. */
const operational = [
  'nsUniqueId',
  'createTimestamp',
  'modifyTimestamp',
  'nsAccountLock',
  'nsRole',
  'passwordRetryCount',
  'retryCountResetTime',
  'accountUnlockTime',
  'passwordExpirationTime',
  'passwordExpWarned',
  'passwordGraceUserTime',
  'passwordAllowChangeTime',
  'passwordHistory',
  'pwdUpdateTime',
  'pwdReset',
  'pwdPolicySubentry',
  'lastLoginTime',
  'acctPolicySubentry',
  'aci',
].join(' || ')

const written = [
  'userPassword',
  'nsAccountLock',
  'passwordRetryCount',
  'retryCountResetTime',
  'accountUnlockTime',
  'passwordExpirationTime',
  'passwordExpWarned',
  'passwordGraceUserTime',
  'pwdReset',
].join(' || ')

const toApp = `userdn="ldap:///${appDn}"`

/**
 * What the service account may do, and what people may with themselves. It is no password administrator (passwordAdminDN):
 * the policy's syntax and history would not hold for one. Nor need it be one to have a person change their password:
 * writing passwordExpirationTime 19700101000000Z does that.
 */
const ds389Rules = [
  `(targetattr="*")(version 3.0; acl "idaas reads"; allow (read,search,compare) ${toApp};)`,
  `(targetattr="${operational}")(version 3.0; acl "idaas reads states"; allow (read,search,compare) ${toApp};)`,
  `(targetattr="${written}")(version 3.0; acl "idaas writes states"; allow (write) ${toApp};)`,
  `(targetattr="userPassword")(version 3.0; acl "own password"; allow (write) userdn="ldap:///self";)`,
]

export const personDn = (index: number): string => `uid=${loginOf(index)},ou=people,${suffix}`
const groupDn = (name: string): string => `cn=${name},ou=groups,${suffix}`

/** A service account, 120 people with passwords, and groups in groups. */
export function* ds389Ldif(): Generator<string> {
  yield `dn: ${suffix}\nchangetype: modify\nadd: aci\n${ds389Rules.map((rule) => `aci: ${rule}\n`).join('')}\n`
  for (const ou of ['people', 'groups', 'services', 'policies'])
    yield entry(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou })
  for (const [cn, userPassword] of [
    ['app', appPassword],
    ['decoy', 'nobody knows this one'],
  ] as const)
    yield entry(`cn=${cn},ou=services,${suffix}`, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn,
      userPassword,
    })
  for (let index = 1; index <= 120; index++) {
    const uid = loginOf(index)
    yield entry(personDn(index), {
      objectClass: 'inetOrgPerson',
      uid,
      cn: `Person ${index}`,
      sn: `Person ${index}`,
      mail: `${uid}@mail.example`,
      userPassword: passwordOf(uid),
    })
  }
  const group = (cn: string, member: string) =>
    entry(groupDn(cn), { objectClass: 'groupOfNames', cn, member })
  yield group('inner', personDn(1))
  yield group('outer', groupDn('inner'))
}
