import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startDs389 } from './ds389.ts'
import { personDn } from './ds389-ldif.ts'
import { ldapmodify, ldapsearch } from './ldap-tools.ts'

test('a 389-DS knows its people, lets the service account do its part and nothing else, and leaves nothing', async () => {
  const server = await startDs389()
  const app = { url: server.url, dn: server.appDn, password: server.appPassword }
  expect(await ldapsearch(app, server.suffix, '(uid=u000001)', 'mail')).toContain('u000001@mail.example')
  await expect(ldapsearch({ ...app, password: 'wrong' }, server.suffix, '(cn=x)')).rejects.toThrow(
    'Invalid credentials',
  )
  const replace = (attribute: string, value: string) =>
    ldapmodify(app, `dn: ${personDn(1)}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`)
  await replace('nsAccountLock', 'true')
  await expect(replace('sn', 'Other')).rejects.toThrow('Insufficient access')

  await server.restart()
  const person = { ...app, dn: personDn(1), password: 'pw-u000001' }
  await expect(ldapsearch(person, server.suffix, '(uid=u000001)')).rejects.toThrow('inactivated')
  await server.stop()
  expect(existsSync(server.dir)).toBe(false)
})
