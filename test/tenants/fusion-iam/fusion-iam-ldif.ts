import { argon2 } from '../../support/password-hashes.ts'

export const suffix = 'dc=fusion,dc=example'

/** What SupAnn 2021 adds to a person, as far as the tree uses it. */
export const supannSchema = `
attributetype ( 1.3.6.1.4.1.7135.1.2.1.20 NAME 'supannAliasLogin' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.7135.1.2.1.51 NAME 'supannRessourceEtat' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.3.6.1.4.1.7135.1.1.2.1 NAME 'supannPerson' SUP top AUXILIARY MAY ( supannAliasLogin $ supannRessourceEtat ) )`

type Person = { uid: string; mail: string; lines?: string }

function person(base: string, { uid, mail, lines = '' }: Person): string {
  return `dn: uid=${uid},${base},${suffix}
objectClass: inetOrgPerson
objectClass: supannPerson
uid: ${uid}
cn: ${uid}
sn: ${uid.toUpperCase()}
mail: ${mail}
userPassword: ${argon2(`pw-${uid}`)}
${lines}`
}

function group(dn: string, objectClass: string, lines: string): string {
  return `dn: ${dn},${suffix}\nobjectClass: ${objectClass}\n${lines}\n`
}

function policy(name: string, lines: string): string {
  return `dn: cn=${name},ou=policies,${suffix}
objectClass: person
objectClass: pwdPolicy
sn: ${name}
cn: ${name}
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 5
pwdMustChange: TRUE
${lines}`
}

const unit = (dn: string): string => `dn: ${dn},${suffix}\nobjectClass: organizationalUnit\n`
const organisation = (dn: string): string => `dn: ${dn},${suffix}\nobjectClass: organization\n`
const under = (name: string): string => `pwdPolicySubentry: cn=${name},ou=policies,${suffix}\n`

/**
 * A directory as a customer of FusionIAM has it: two organisations, guests apart, administrators and the groups that give roles in `o=admin`, a
 * password policy for each population, people known by more than one name.
 */
export const fusionIamLdif = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: fusion\n`,
  ...['services', 'policies'].map((name) => unit(`ou=${name}`)),
  ...['acme', 'town', 'admin'].map((name) => organisation(`o=${name}`)),
  ...['o=acme', 'o=town', 'o=admin'].flatMap((at) => [unit(`ou=users,${at}`), unit(`ou=groups,${at}`)]),
  unit('ou=guests,o=acme'),
  `dn: cn=app,ou=services,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: ${argon2('app-secret-1')}\n`,
  `dn: cn=decoy,ou=services,${suffix}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\nuserPassword: ${argon2('nobody knows')}\n${under('decoy')}`,
  policy('staff', 'pwdMaxAge: 31536000\n'),
  policy('students', ''),
  policy('administrators', 'pwdMinLength: 14\npwdAllowUserChange: FALSE\n'),
  policy('decoy', '').replace('pwdLockout: TRUE', 'pwdLockout: FALSE'),
  person('ou=users,o=acme', {
    uid: 'anna',
    mail: 'anna.martin@acme.example',
    lines: 'supannAliasLogin: amartin\n',
  }),
  person('ou=users,o=acme', { uid: 'bob', mail: 'bob@acme.example', lines: under('students') }),
  person('ou=users,o=acme', {
    uid: 'gone',
    mail: 'gone@acme.example',
    lines: 'supannRessourceEtat: {COMPTE}I\n',
  }),
  person('ou=guests,o=acme', { uid: 'guest1', mail: 'guest@partner.example' }),
  person('ou=users,o=town', { uid: 'paul', mail: 'paul@town.example' }),
  // Two organisations may well have the same login.
  person('ou=users,o=acme', { uid: 'twin', mail: 'twin@acme.example' }),
  person('ou=users,o=town', { uid: 'twin', mail: 'twin@town.example' }),
  person('ou=users,o=admin', { uid: 'root1', mail: 'root1@host.example', lines: under('administrators') }),
  group('cn=super-admins,ou=groups,o=admin', 'groupOfNames', `member: uid=root1,ou=users,o=admin,${suffix}`),
  group(
    'cn=access-servicedesk,ou=groups,o=admin',
    'groupOfNames',
    `member: cn=super-admins,ou=groups,o=admin,${suffix}`,
  ),
  // Whoever works for the town helps the town: the rule is on the people, the right on the group that holds the group.
  group(
    'cn=all-town,ou=groups,o=admin',
    'groupOfURLs',
    `memberURL: ldap:///ou=users,o=town,${suffix}??sub?(objectClass=inetOrgPerson)`,
  ),
  group(
    'cn=access-town,ou=groups,o=admin',
    'groupOfNames',
    `member: cn=all-town,ou=groups,o=admin,${suffix}\nmember: cn=super-admins,ou=groups,o=admin,${suffix}`,
  ),
  group('cn=staff,ou=groups,o=acme', 'groupOfNames', `member: uid=anna,ou=users,o=acme,${suffix}`),
].join('\n')
