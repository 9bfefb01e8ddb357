import { afterAll, beforeAll, expect, test } from 'vitest'
import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { ldapmodify, ldapsearch } from '../support/ldap-tools.ts'
import { startSambaAd, type SambaAd } from '../support/samba-ad.ts'
import { groupDn, personDn } from '../support/samba-ad-ldif.ts'

let ad: SambaAd
let directory: Directory
beforeAll(async () => {
  ad = await startSambaAd()
  const { dn = '', password = '' } = ad.admin
  const config = { name: 'ad', urls: [ad.ldapsUrl], ca: ad.caFile, bind: { dn, password } }
  directory = openDirectory(directorySchema.parse(config), 'active-directory')
})
afterAll(async () => {
  await directory.close()
  await ad.stop()
})

test('Samba AD: a rename is followed by the server itself, so that nothing is left to repair', async () => {
  await ldapmodify(
    ad.admin,
    `dn: ${personDn(2)}\nchangetype: modify\nreplace: manager\nmanager: ${personDn(1)}\n`,
  )
  const renamed = await directory.rename(toDn(personDn(1)), { rdn: { attribute: 'CN', value: 'Renée' } })
  expect(renamed).toEqual({ dn: `CN=Renée,OU=people,${ad.baseDn}`, repaired: [], failed: [], unsearched: [] })
  const manager = await directory.read(toDn(personDn(2)), ['manager'])
  expect(manager?.attributes.get('manager')?.values.map(String)).toEqual([renamed.dn])
  expect(await ldapsearch(ad.admin, groupDn('inner'), '(objectClass=*)', 'member')).not.toContain(personDn(1))
})

test('Samba AD: another login takes the principal name with it; a taken one is a conflict', async () => {
  const dn = toDn(personDn(3))
  await directory.changeLogin(dn, { from: 'u000003', to: 'renamed' })
  const found = await ldapsearch(ad.admin, dn, '(objectClass=*)', 'sAMAccountName')
  expect(found).toContain('sAMAccountName: renamed')
  expect(await ldapsearch(ad.admin, dn, '(objectClass=*)', 'userPrincipalName')).toContain(
    'userPrincipalName: renamed@lab.example',
  )
  const conflict = expect.objectContaining({ code: 'conflict' })
  await expect(directory.changeLogin(dn, { from: 'renamed', to: 'u000004' })).rejects.toThrow(conflict)
  await expect(directory.rename(dn, { rdn: { attribute: 'CN', value: 'u000004' } })).rejects.toThrow(conflict)
})
