import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DirectoryConfig } from '../../../src/config/directory-schema.ts'
import { examine } from '../../../src/directory/doctor/examine.ts'
import type { FindingCode } from '../../../src/directory/doctor/finding.ts'
import { openDirectory } from '../../../src/directory/open-directory.ts'
import { ldapmodify, ldapsearch } from '../../support/ldap-tools.ts'
import { ds389Server, type Ds389Server } from '../ds389-server.ts'
import { tenantOver } from './tenant-over.ts'

let server: Ds389Server
beforeAll(async () => {
  server = await ds389Server()
  await change(
    'cn=config',
    'replace: nsslapd-allow-unauthenticated-binds\nnsslapd-allow-unauthenticated-binds: off',
  )
}, 60_000)
afterAll(() => server.stop())

const change = (dn: string, lines: string) => {
  const { url, rootDn, rootPassword } = server.server
  return ldapmodify({ url, dn: rootDn, password: rootPassword }, `dn: ${dn}\nchangetype: modify\n${lines}\n`)
}
const right: Partial<DirectoryConfig> = { kind: 'ds389', decoy: 'cn=decoy,ou=services,dc=example,dc=org' }

const look = async (changes: Partial<DirectoryConfig> = {}) => {
  const findings = await examine(tenantOver(server, { ...right, ...changes }), () => new Date())
  return findings.map(({ code }) => code)
}
const setting = (name: string, value: string) => change('cn=config', `replace: ${name}\n${name}: ${value}`)

it('finds no fault in a right 389-DS but what the test server leaves: its decoy is under everybody’s policy', async () => {
  expect(await look()).toEqual(['decoy-lockable'])
})

const seeded: readonly [finds: FindingCode, name: string, wrong: string, right: string][] = [
  ['lockout-off', 'passwordLockout', 'off', 'on'],
  ['must-change-off', 'passwordMustChange', 'off', 'on'],
  ['unauthenticated-binds', 'nsslapd-allow-unauthenticated-binds', 'on', 'off'],
]

it.each(seeded)('finds %s: %s is %s', async (finds, name, wrong, usual) => {
  await setting(name, wrong)
  expect(await look()).toContain(finds)
  await setting(name, usual)
  expect(await look()).not.toContain(finds)
})

it('finds what may not be written, and who is the administrator', async () => {
  const { rootDn, rootPassword, appDn } = server.server
  const denied = `aci: (targetattr="nsAccountLock")(version 3.0; acl "no"; deny (write) userdn="ldap:///${appDn}";)`
  await change(server.people, `add: aci\n${denied}`)
  expect(await look()).toContain('write-refused')
  await change(server.people, `delete: aci\n${denied}`)
  expect(await look()).not.toContain('write-refused')
  expect(await look({ bind: { dn: rootDn, password: rootPassword } })).toContain('rights-manage')
})

it('finds that no password can be written over a clear connection', async () => {
  expect(await look({ urls: [server.server.url] })).toContain('encryption-needed')
})

it('finds that passwords are hashed weakly, and the decoy in another way', async () => {
  await setting('nsslapd-allow-hashed-passwords', 'on')
  await change(server.person(1).dn, 'replace: userPassword\nuserPassword: {SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=')
  expect(await look()).toContain('password-hash-weak')
  await change(right.decoy ?? '', 'replace: userPassword\nuserPassword: {SSHA512}bm90IGEgcmVhbCBoYXNo')
  expect(await look()).toContain('decoy-hash-differs')
})

it('finds that the end of passwords is hidden, of which then nobody can count those that end', async () => {
  const { appDn, suffix } = server.server
  const rule = `aci: (targetattr="passwordExpirationTime")(version 3.0; acl "hides"; deny (read,search,compare) userdn="ldap:///${appDn}";)`
  await change(suffix, `add: aci\n${rule}`)
  expect(await look()).toContain('state-unreadable')
  const directory = openDirectory(server.config, 'ds389')
  expect(await directory.hiddenStates(server.person(1).dn)).toEqual(['password-expired', 'password-expiring'])
  await directory.close()
  await change(suffix, `delete: aci\n${rule}`)
})

it('finds that the policy is hidden', async () => {
  const { url, rootDn, rootPassword } = server.server
  const root = { url, dn: rootDn, password: rootPassword }
  const shown = await ldapsearch(root, 'cn=config', '(objectClass=*)', 'aci')
  const [, rule = ''] =
    /^dn: cn=config\n(?:.*\n)*?(aci: .*idaas reads the password policy.*)$/m.exec(shown) ?? []
  await change('cn=config', `delete: aci\n${rule}`)
  expect(await look()).toContain('policy-unreadable')
})
