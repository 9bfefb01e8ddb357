import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { changePassword } from '../../src/accounts/change-password.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { loadBlocklist } from '../../src/accounts/password/blocklist.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import { offeredActs } from '../../src/accounts/offered-acts.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { setValidity } from '../../src/accounts/set-validity.ts'
import type { Validity } from '../../src/directory/directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { startSambaAd, type SambaAd } from '../support/samba-ad.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { useDesk } from './use-desk.ts'

const desk = useDesk()
const password = 'A long sentence for 2'

let ad: SambaAd
let tenant: Tenant
beforeAll(async () => {
  ad = await startSambaAd()
  const [main] = testTenantConfig(desk.slapd()).directories
  if (main === undefined) throw new Error('no directory')
  const there = { directory: 'ad', base: `OU=people,${ad.baseDn}`, attribute: 'sAMAccountName' }
  const bind = { dn: ad.appDn, password: ad.appPassword }
  tenant = desk.open({
    directories: [
      {
        ...main,
        passwords: { alsoIn: [{ ...there, from: 'uid' }], passThrough: [{ ...there, realm: 'lab.example' }] },
      },
      { name: 'ad', kind: 'active-directory', urls: [ad.ldapsUrl], ca: ad.caFile, bind },
    ],
  })
})
afterAll(async () => {
  await ad.stop()
})

const dnInAd = (login: string) => toDn(`CN=${login},OU=people,${ad.baseDn}`)
const provesInAd = async (login: string, text: string) =>
  await tenant.directories.get('ad')?.verifyPassword(dnInAd(login), text)
const provesHere = async (login: string, text: string) =>
  await tenant.directories
    .get('main')
    ?.verifyPassword(toDn(`uid=${login},ou=people,${desk.slapd().suffix}`), text)
const reset = async (login: string, more: object = {}) =>
  await desk.reset('hugo', login, { password, mustChange: false, ...more }, tenant)

async function change(login: string, old: string, text: string) {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody is named ${login}`)
  return await changePassword(
    { ...desk.services(), passwordPolicy: { profile: 'nist', blocklist: await loadBlocklist([]) } },
    tenant,
    accountIdOf(personRefOf(found.branch.directory, found.entry)),
    { old, password: text, origin: {} },
    new Date(),
  )
}

const written = (directory: string) => ({
  directory,
  outcome: 'written',
  putBack: [],
  lost: [],
  ntHash: null,
})

describe('a desk over Samba AD', () => {
  const overAd = () => {
    const { config } = tenant
    const people = { directory: 'ad', base: `OU=people,${ad.baseDn}` }
    return desk.open({ directories: config.directories, uses: { ...config.uses, desk: [people] } })
  }

  test('offers no lock, and says so; refuses a first day', async () => {
    const of = overAd()
    const permit = await desk.permit('hugo', 'account.validity', of)
    const account = await readAccount(desk.services(), permit, 'u000020', new Date())
    const offered = await offeredActs(permit.agent, account)
    expect(offered).toContainEqual({ act: 'lock', refused: 'not-supported' })
    expect(offered).toContainEqual({ act: 'validity', refused: null })
    const notSupported = { code: 'not-supported' }
    await expect(desk.act('hugo', 'lock', 'u000020', {}, of)).rejects.toMatchObject(notSupported)
    const dates = async (validity: Validity) =>
      await setValidity(desk.services(), permit, 'u000020', { validity, origin: {} }, new Date())
    await expect(dates({ from: new Date() })).rejects.toMatchObject(notSupported)
    expect(await dates({ until: new Date('2020-01-01T00:00:00Z') })).toBe('done')
    expect((await provesInAd('u000020', 'Pw-u000020'))?.outcome).toBe('refused')
  })
})

describe('OpenLDAP and Samba AD', () => {
  test('get the password of a reset together, to be changed in both', async () => {
    expect(await reset('u000010')).toMatchObject({
      targets: [written('main'), written('ad')],
      isComplete: true,
    })
    expect(await provesInAd('u000010', password)).toMatchObject({ outcome: 'accepted' })
    const { generated } = await desk.reset('hugo', 'u000010', { mustChange: true }, tenant)
    expect(await provesHere('u000010', String(generated))).toMatchObject({ mustChange: true })
    expect((await provesInAd('u000010', String(generated)))?.outcome).not.toBe('refused')
  })

  test('are told apart when Active Directory refuses what OpenLDAP takes', async () => {
    expect(await reset('u000011', { password: 'only small letters here' })).toMatchObject({
      targets: [written('main'), { directory: 'ad', outcome: 'refused' }],
      isComplete: false,
      retry: null,
    })
    expect(await provesInAd('u000011', 'Pw-u000011')).toMatchObject({ outcome: 'accepted' })
  })

  test('get what the owner chose, also where the old password was another one there', async () => {
    expect(await change('u000012', 'pw-u000012', password)).toMatchObject({ isComplete: true })
    expect(await provesInAd('u000012', password)).toMatchObject({ outcome: 'accepted' })
    expect(await provesHere('u000012', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('have a pass-through password reset and changed in Active Directory, and nowhere else', async () => {
    const sasl = '{SASL}u000013@LAB.example'
    await desk.modify('u000013', `replace: userPassword\nuserPassword: ${sasl}`)
    expect(await reset('u000013')).toMatchObject({ targets: [written('ad')], isComplete: true })
    expect(await provesInAd('u000013', password)).toMatchObject({ outcome: 'accepted' })
    expect(await change('u000013', password, 'Another sentence, 3')).toMatchObject({
      targets: [written('ad')],
    })
    expect(await provesInAd('u000013', 'Another sentence, 3')).toMatchObject({ outcome: 'accepted' })
    const kept = Buffer.from(String(await desk.attribute('u000013', 'userPassword')), 'base64')
    expect(kept.toString()).toBe(sasl)
  })
})
