import type { Ds389 } from '../support/ds389.ts'

const DAY = 86_400

/** Roles, classes of service, policies and limits as administrators of a 389-DS make them, with the indexes that docs/directories.md recommends. */
export function ds389Rules({ suffix, appDn }: Ds389): string {
  const people = `ou=people,${suffix}`
  return [
    rights(suffix, appDn),
    disabledRole(suffix),
    branch(suffix),
    policy(people, 'letters', 'passwordCheckSyntax: on\npasswordMinAlphas: 14\npasswordMinCategories: 4'),
    policy(people, 'early', `passwordExp: on\npasswordWarning: ${200 * DAY}`),
    policy(people, 'patient', 'passwordLockout: on\npasswordMaxFailure: 50'),
    temporary(people, 'twice', 'passwordTPRMaxUse: 2'),
    temporary(people, 'brief', 'passwordTPRDelayExpireAt: 1'),
    temporary(people, 'later', 'passwordTPRDelayValidFrom: 3600'),
    policy(people, 'given', 'passwordChange: off\npasswordExp: on'),
    `dn: cn=config,cn=Account Policy Plugin,cn=plugins,cn=config
changetype: modify
replace: accountInactivityLimit
accountInactivityLimit: ${300 * DAY}
`,
    // The last: the server takes no change while it builds them.
    indexes,
  ].join('\n')
}

const rights = (suffix: string, appDn: string) => `dn: ${suffix}
changetype: modify
add: aci
aci: (targetattr="pwdTPRUseCount || pwdTPRValidFrom || pwdTPRExpireAt")(version 3.0; acl "idaas lifts limits"; allow (write) userdn="ldap:///${appDn}";)

dn: cn=config
changetype: modify
add: aci
aci: (targetattr="nsslapd-pwpolicy-local || passwordIsGlobalPolicy || passwordChange || passwordTPRMaxUse || passwordTPRDelayValidFrom || passwordTPRDelayExpireAt")(version 3.0; acl "idaas reads how policies apply"; allow (read,search,compare) userdn="ldap:///${appDn}";)

dn: cn=Account Policy Plugin,cn=plugins,cn=config
changetype: modify
add: aci
aci: (targetattr="*")(version 3.0; acl "idaas reads who is shut out"; allow (read,search,compare) userdn="ldap:///${appDn}";)
`

/** A role that is disabled, as Red Hat's tools do it: a class of service gives its members the lock. One gets in by hand, or by a filter. */
const disabledRole = (suffix: string) => `dn: cn=left,${suffix}
changetype: add
objectClass: ldapsubentry
objectClass: nsRoleDefinition
objectClass: nsSimpleRoleDefinition
objectClass: nsManagedRoleDefinition
cn: left

dn: cn=gone,${suffix}
changetype: add
objectClass: ldapsubentry
objectClass: nsRoleDefinition
objectClass: nsComplexRoleDefinition
objectClass: nsFilteredRoleDefinition
cn: gone
nsRoleFilter: (employeeType=gone)

dn: cn=nsDisabledRole,${suffix}
changetype: add
objectClass: ldapsubentry
objectClass: nsRoleDefinition
objectClass: nsComplexRoleDefinition
objectClass: nsNestedRoleDefinition
cn: nsDisabledRole
nsRoleDN: cn=left,${suffix}
nsRoleDN: cn=gone,${suffix}

dn: cn=nsAccountInactivationTmp,${suffix}
changetype: add
objectClass: nsContainer
cn: nsAccountInactivationTmp

dn: cn="cn=nsDisabledRole,${suffix}",cn=nsAccountInactivationTmp,${suffix}
changetype: add
objectClass: extensibleObject
objectClass: costemplate
objectClass: ldapsubentry
cosPriority: 1
nsAccountLock: true

dn: cn=nsAccountInactivation_cos,${suffix}
changetype: add
objectClass: ldapsubentry
objectClass: cosSuperDefinition
objectClass: cosClassicDefinition
cosTemplateDn: cn=nsAccountInactivationTmp,${suffix}
cosSpecifier: nsRole
cosAttribute: nsAccountLock operational
cn: nsAccountInactivation_cos
`

const index = (
  attribute: string,
  type: string,
) => `dn: cn=${attribute},cn=index,cn=userRoot,cn=ldbm database,cn=plugins,cn=config
changetype: add
objectClass: nsIndex
cn: ${attribute}
nsSystemIndex: false
nsIndexType: ${type}
`

const indexes = `${index('nsAccountLock', 'eq')}
${index('nsRoleDN', 'pres')}
dn: cn=now,cn=index,cn=tasks,cn=config
changetype: add
objectClass: extensibleObject
cn: now
nsInstance: userRoot
nsIndexAttribute: nsAccountLock
nsIndexAttribute: nsRoleDN
`

const policy = (
  branchDn: string,
  name: string,
  lines: string,
) => `dn: cn=${name},cn=nsPwPolicyContainer,${branchDn}
changetype: add
objectClass: ldapsubentry
objectClass: passwordpolicy
cn: ${name}
${lines}
`

/** Under which a password that somebody else sets is limited. */
const temporary = (branchDn: string, name: string, line: string) =>
  policy(branchDn, name, `passwordMustChange: on\n${line}`)

/** A branch with a policy of its own, as `dsconf localpwp addsubtree` makes it, and somebody in it. */
function branch(suffix: string): string {
  const dn = `ou=branch,${suffix}`
  return `dn: ${dn}
changetype: add
objectClass: organizationalUnit
ou: branch

dn: cn=nsPwPolicyContainer,${dn}
changetype: add
objectClass: nsContainer
cn: nsPwPolicyContainer

${policy(dn, 'long', 'passwordCheckSyntax: on\npasswordMinLength: 30')}
dn: cn=nsPwTemplateEntry,cn=nsPwPolicyContainer,${dn}
changetype: add
objectClass: extensibleObject
objectClass: costemplate
objectClass: ldapsubentry
cosPriority: 1
pwdPolicySubentry: cn=long,cn=nsPwPolicyContainer,${dn}

dn: cn=nsPwPolicy_CoS,${dn}
changetype: add
objectClass: ldapsubentry
objectClass: cosSuperDefinition
objectClass: cosPointerDefinition
cn: nsPwPolicy_CoS
cosTemplateDn: cn=nsPwTemplateEntry,cn=nsPwPolicyContainer,${dn}
cosAttribute: pwdPolicySubentry default operational

dn: uid=temp,${dn}
changetype: add
objectClass: inetOrgPerson
uid: temp
cn: Temp
sn: Temp
`
}
