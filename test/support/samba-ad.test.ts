import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ldapmodify, ldapsearch } from './ldap-tools.ts'
import { startSambaAd } from './samba-ad.ts'
import { personDn, unicodePwd } from './samba-ad-ldif.ts'

test('a Samba AD knows its people, lets the service account do its part and nothing else, and leaves nothing', async () => {
  const ad = await startSambaAd()
  const app = { url: ad.ldapsUrl, dn: ad.appDn, password: ad.appPassword, caFile: ad.caFile }
  const found = await ldapsearch(app, ad.baseDn, '(sAMAccountName=u000001)', 'mail')
  expect(found).toContain('mail: u000001@mail.example')
  await expect(ldapsearch({ ...app, password: 'wrong' }, ad.baseDn, '(cn=x)')).rejects.toThrow(
    'Invalid credentials',
  )
  const reset = (dn: string) =>
    ldapmodify(
      app,
      `dn: ${dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: ${unicodePwd('Another-1-of-them').toString('base64')}\n`,
    )
  await reset(personDn(1))
  await expect(reset(`CN=Administrator,CN=Users,${ad.baseDn}`)).rejects.toThrow('Insufficient access')

  await ad.restart()
  const person = { ...app, dn: 'u000001@lab.example', password: 'Another-1-of-them' }
  expect(await ldapsearch(person, ad.baseDn, '(sAMAccountName=u000001)', 'cn')).toContain('cn: u000001')
  await ad.stop()
  expect(existsSync(ad.dir)).toBe(false)
})
