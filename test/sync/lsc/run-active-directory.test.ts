import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { type SambaAd, startSambaAd } from '../../support/samba-ad.ts'
import { type LscStage, nothing, startStage, suffix } from './lsc-stage.ts'

let stage: LscStage
let ad: SambaAd
let domain: Connection

beforeAll(async () => {
  ;[stage, ad] = await Promise.all([startStage(), startSambaAd()])
  const bind = { dn: String(ad.admin.dn), password: String(ad.admin.password) }
  domain = await connect({ url: ad.ldapsUrl, tls: { ca: ad.ca }, bind })
  await domain.add(`OU=Agents,${ad.baseDn}`, { objectClass: ['organizationalUnit'] })
  stage.environment['AD_URL'] = ad.ldapsUrl
  stage.environment['AD_BASE'] = ad.baseDn
  stage.environment['AD_USER'] = bind.dn
  stage.environment['AD_PASSWORD'] = bind.password
  stage.environment['AD_REALM'] = 'lab.example'
})
afterAll(async () => {
  domain.unbind()
  await Promise.all([stage.stop(), ad.stop()])
})

test('users come with passwords and account control, and are removed by a clean phase of its own', async () => {
  const source = `ou=versad,${suffix}`
  await stage.put(source, 'amartin', {
    cn: 'Martin, Anne',
    sn: 'Martin',
    givenName: 'Anne',
    mail: 'am@example.org',
  })
  await stage.put(source, 'bdurand', { cn: 'Durand Bob', sn: 'Durand' })
  await stage.put(source, 'parti', { employeeType: 'sorti' })
  const { tasks, notes } = await stage.open('active-directory', { ca: ad.caFile })
  expect(notes).toEqual([])
  expect(tasks.map(({ name, phases }) => [name, phases])).toEqual([
    ['utilisateursad', { sync: true, clean: false }],
    ['utilisateursad-clean', { sync: false, clean: true }],
  ])
  expect(await stage.run(tasks)).toMatchObject([
    { state: 'done', failed: [], findings: [], create: 2 },
    { state: 'done', ...nothing },
  ])
  const anne = await domain.read(`CN=Martin\\, Anne,OU=Agents,${ad.baseDn}`)
  expect(
    anne && [text(anne, 'sAMAccountName'), text(anne, 'userAccountControl'), text(anne, 'pwdLastSet')],
  ).toEqual([['amartin'], ['512'], ['0']])
  expect(await stage.run(tasks)).toMatchObject([nothing, nothing])
  await stage.root.delete(`uid=bdurand,${source}`)
  await stage.root.modify(`uid=amartin,${source}`, [
    { operation: 'replace', attribute: 'cn', values: ['Martin-Roy Anne'] },
  ])
  expect(await stage.run(tasks)).toMatchObject([
    { failed: [], rename: 1, update: 1, delete: 0 },
    { failed: [], delete: 1 },
  ])
  expect(await stage.run(tasks)).toMatchObject([nothing, nothing])
  const converted = await stage.converted('active-directory', { ca: ad.caFile })
  expect(await stage.run(converted)).toMatchObject([nothing])
})
