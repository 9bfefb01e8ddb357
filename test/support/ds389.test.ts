import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDs389, type Ds389 } from './ds389.ts'
import { personDn } from './ds389-ldif.ts'
import { asApp, ldapmodify, ldapsearch, type Target } from './ldap-tools.ts'
import { writingInto } from './processes.ts'

let server: Ds389
let app: Target

beforeAll(async () => {
  server = await startDs389()
  app = { ...asApp(server), url: server.ldapsUrl, caFile: server.caFile }
}, 120_000)

afterAll(() => server.stop())

const replace = (attribute: string, value: string) =>
  ldapmodify(app, `dn: ${personDn(1)}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`)

test('a 389-DS knows its people', async () => {
  expect(await ldapsearch(app, server.suffix, '(uid=u000001)', 'mail')).toContain('u000001@mail.example')
})

test('a 389-DS refuses a wrong password, and whoever does not trust its authority refuses it', async () => {
  const wrong = ldapsearch({ ...app, password: 'wrong' }, server.suffix, '(cn=x)')
  await expect(wrong).rejects.toThrow('Invalid credentials')
  const strangers = ldapsearch({ ...app, caFile: '/dev/null' }, server.suffix, '(cn=x)')
  await expect(strangers).rejects.toThrow("Can't contact LDAP server")
})

test('the service account of a 389-DS does its part and nothing else', async () => {
  await replace('passwordRetryCount', '0')
  await expect(replace('sn', 'Other')).rejects.toThrow('Insufficient access')
  await expect(replace('userPassword', 'short')).rejects.toThrow('at least 8 characters')
})

test('a 389-DS that died comes back on its ports with its data', async () => {
  await replace('nsAccountLock', 'true')
  await server.kill()
  await server.restart()
  const person = { ...app, dn: personDn(1), password: 'pw-u000001' }
  await expect(ldapsearch(person, server.suffix, '(uid=u000001)')).rejects.toThrow('inactivated')
})

test('a 389-DS leaves no process and no folder', async () => {
  const other = await startDs389()
  expect(writingInto(other.dir)).toHaveLength(1)
  await other.stop()
  expect(writingInto(other.dir)).toEqual([])
  expect(existsSync(other.dir)).toBe(false)
})
