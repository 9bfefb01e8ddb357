import { createHash } from 'node:crypto'
import { fold } from '../../src/accounts/fold.ts'
import { dn, toDn } from '../../src/ldap/dn.ts'
import { makeEntry } from '../../src/ldap/entry.ts'
import { formatLdif } from '../../src/ldap/ldif-writer.ts'
import { departments, makeEmployees, type Employee } from './demo-employees.ts'

const suffix = toDn('dc=acme,dc=example')
const people = toDn(`ou=people,${suffix}`)
const groups = toDn(`ou=groups,${suffix}`)

/** The directory of the demo as LDIF: the same text in every run. */
export function makeDemoLdif(count = 1_000): string {
  const employees = makeEmployees(count)
  return ['version: 1\n', ...containers(), ...employees.map(personEntry), ...groupEntries(employees)].join(
    '\n',
  )
}

function* containers(): Generator<string> {
  yield formatLdif(makeEntry(suffix, { objectClass: ['organization', 'dcObject'], dc: 'acme', o: 'ACME' }))
  for (const ou of ['people', 'groups', 'policies', 'services']) {
    yield formatLdif(makeEntry(dn`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou }))
  }
  yield formatLdif(
    makeEntry(`cn=default,ou=policies,${suffix}`, {
      objectClass: ['device', 'pwdPolicy'],
      cn: 'default',
      pwdAttribute: 'userPassword',
      pwdMinLength: '8',
      pwdInHistory: '5',
      pwdLockout: 'TRUE',
      pwdMaxFailure: '10',
      pwdLockoutDuration: '900',
      pwdFailureCountInterval: '900',
      pwdMustChange: 'TRUE',
      pwdAllowUserChange: 'TRUE',
    }),
  )
  yield formatLdif(
    makeEntry(`cn=idaas,ou=services,${suffix}`, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'idaas',
      userPassword: hashed('demo-service-account'),
    }),
  )
}

function personEntry(one: Employee): string {
  const { uid, givenName, sn, site, manager, mobile } = one
  return formatLdif(
    makeEntry(personDn(uid), {
      objectClass: 'inetOrgPerson',
      uid,
      cn: `${givenName} ${sn}`,
      sn: sn.toUpperCase(),
      givenName,
      displayName: `${givenName} ${sn.toUpperCase()}`,
      mail: `${mailPart(givenName)}.${mailPart(sn)}${/\d+$/.exec(uid)?.[0] ?? ''}@acme.example`,
      telephoneNumber: `${site.prefix} ${one.extension}`,
      ...(mobile !== null && { mobile }),
      title: one.title,
      ou: one.department,
      l: site.name,
      employeeType: one.isStaff ? 'staff' : 'contractor',
      ...(manager && { manager: personDn(manager.uid) }),
      userPassword: hashed(`demo-password-${uid}`),
    }),
  )
}

function* groupEntries(employees: readonly Employee[]): Generator<string> {
  const group = (cn: string, description: string, member: readonly string[]) =>
    formatLdif(makeEntry(groupDn(cn), { objectClass: 'groupOfNames', cn, description, member }))
  const byRule = (cn: string, description: string, rule: string) =>
    formatLdif(
      makeEntry(groupDn(cn), {
        objectClass: 'groupOfURLs',
        cn,
        description,
        memberURL: `ldap:///${people}??sub?${rule}`,
      }),
    )
  yield group('service-desk', 'Agents of the service desk', [personDn('hugo')])
  yield group('administrators', 'Administrators of the directory', [personDn('ada')])
  yield group('it-support', 'Everyone who helps with IT', [
    groupDn('service-desk'),
    groupDn('administrators'),
  ])
  yield byRule('everyone', 'All people of ACME', '(objectClass=inetOrgPerson)')
  yield byRule('contractors', 'People who are not staff', '(employeeType=contractor)')
  for (const { name } of departments) {
    const members = employees.filter((one) => one.department === name).map(({ uid }) => personDn(uid))
    yield group(fold(name).replaceAll(' ', '-'), name, members)
  }
  for (const [at, project] of ['Aurore', 'Boréal', 'Cassiopée', 'Dédale', 'Écho'].entries()) {
    const members = employees.filter((_, index) => index % 41 === at).map(({ uid }) => personDn(uid))
    yield group(`projet-${fold(project)}`, `Projet ${project}`, members)
  }
}

function personDn(uid: string): string {
  return dn`uid=${uid},${people}`
}

function groupDn(cn: string): string {
  return dn`cn=${cn},${groups}`
}

/** {SSHA512} with a salt that depends on the password alone, so that the file is the same each time it is made: these are public passwords. */
function hashed(password: string): string {
  const salt = createHash('sha256').update(`salt of ${password}`).digest().subarray(0, 12)
  const digest = createHash('sha512').update(password).update(salt).digest()
  return `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}`
}

function mailPart(name: string): string {
  return fold(name).replaceAll(' ', '-')
}

if (import.meta.main) process.stdout.write(makeDemoLdif())
