import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asApp, ldapmodify, ldapsearch, type Target } from './ldap-tools.ts'
import { writingInto } from './processes.ts'
import { startSambaAd, type SambaAd } from './samba-ad.ts'
import { personDn, unicodePwd } from './samba-ad-ldif.ts'

let ad: SambaAd
let app: Target

beforeAll(async () => {
  ad = await startSambaAd()
  app = { ...asApp(ad), url: ad.ldapsUrl, caFile: ad.caFile }
}, 120_000)

afterAll(() => ad.stop())

const reset = (dn: string, password: string) =>
  ldapmodify(
    app,
    `dn: ${dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: ${unicodePwd(password).toString('base64')}\n`,
  )

test('a Samba AD knows its people', async () => {
  const found = await ldapsearch(app, ad.baseDn, '(sAMAccountName=u000001)', 'mail')
  expect(found).toContain('mail: u000001@mail.example')
})

test('a Samba AD refuses a wrong password, and whoever does not trust its authority refuses it', async () => {
  const wrong = ldapsearch({ ...app, password: 'wrong' }, ad.baseDn, '(cn=x)')
  await expect(wrong).rejects.toThrow('Invalid credentials')
  const strangers = ldapsearch({ ...app, caFile: '/dev/null' }, ad.baseDn, '(cn=x)')
  await expect(strangers).rejects.toThrow("Can't contact LDAP server")
})

test('the service account of a Samba AD does its part and nothing else', async () => {
  await reset(personDn(1), 'Another-1-of-them')
  const administrator = reset(`CN=Administrator,CN=Users,${ad.baseDn}`, 'Another-1-of-them')
  await expect(administrator).rejects.toThrow('Insufficient access')
})

test('a Samba AD that died comes back on its ports with its data', async () => {
  await reset(personDn(2), 'Kept-by-the-disk-1')
  await ad.kill()
  await ad.restart()
  const person = { ...app, dn: 'u000002@lab.example', password: 'Kept-by-the-disk-1' }
  expect(await ldapsearch(person, ad.baseDn, '(sAMAccountName=u000002)', 'cn')).toContain('cn: u000002')
})

test('a Samba AD leaves no process and no folder', async () => {
  const other = await startSambaAd()
  expect(writingInto(other.dir)).toHaveLength(2)
  await other.stop()
  expect(writingInto(other.dir)).toEqual([])
  expect(existsSync(other.dir)).toBe(false)
})
