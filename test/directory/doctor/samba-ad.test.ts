import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DirectoryConfig } from '../../../src/config/directory-schema.ts'
import { examine } from '../../../src/directory/doctor/examine.ts'
import { ldapmodify } from '../../support/ldap-tools.ts'
import { sambaServer, type SambaServer } from '../samba-server.ts'
import { tenantOver } from './tenant-over.ts'

let server: SambaServer
beforeAll(async () => {
  server = await sambaServer()
}, 120_000)
afterAll(() => server.stop())

const look = async (changes: Partial<DirectoryConfig> = {}) => {
  const right: Partial<DirectoryConfig> = { kind: 'active-directory', decoy: server.person(9).dn }
  const findings = await examine(tenantOver(server, { ...right, ...changes }), () => new Date())
  return findings.map(({ code }) => code)
}

it('finds no fault in a right Active Directory', async () => {
  expect(await look()).toEqual([])
})

it('finds who may neither write nor reset', async () => {
  const { dn, password } = server.person(1)
  const findings = await examine(tenantOver(server, { bind: { dn, password } }), () => new Date())
  expect(findings.find(({ code }) => code === 'write-refused')).toMatchObject({
    params: { attributes: 'userAccountControl, pwdLastSet, lockoutTime, accountExpires, unicodePwd' },
    fix: expect.stringContaining(':CA;Reset Password;user"'),
  })
})

it('finds a domain that locks nobody', async () => {
  const lockAfter = (tries: number) =>
    ldapmodify(
      server.ad.admin,
      `dn: ${server.ad.baseDn}\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: ${tries}\n`,
    )
  await lockAfter(0)
  expect(await look()).toContain('lockout-off')
  await lockAfter(5)
})

it('finds that the authority is not trusted, and a clock that differs', async () => {
  const { ca: _, ...unknown } = server.config
  const tenant = tenantOver({ ...server, config: unknown }, {})
  expect((await examine(tenant, () => new Date())).map(({ code }) => code)).toEqual(['certificate-untrusted'])
  const inAnHour = () => new Date(Date.now() + 3_600_000)
  const late = await examine(tenantOver(server, {}), inAnHour)
  expect(late.map(({ code }) => code)).toContain('clock-differs')
})
