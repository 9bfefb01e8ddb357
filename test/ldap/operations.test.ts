import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/ldap/connection.ts'
import { assertion } from '../../src/ldap/controls/assertion.ts'
import { manageDsaIt } from '../../src/ldap/controls/manage-dsa-it.ts'
import { passwordPolicy, readPasswordPolicy } from '../../src/ldap/controls/password-policy.ts'
import { postRead, readPostRead } from '../../src/ldap/controls/post-read.ts'
import { proxiedAuthorization } from '../../src/ldap/controls/proxied-authorization.ts'
import { readSortResult, serverSideSort } from '../../src/ldap/controls/server-side-sort.ts'
import { first, text } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'
import { LdapError } from '../../src/ldap/result.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'

let slapd: Slapd
let ldap: Connection
let people: string

beforeAll(async () => {
  slapd = await startSlapd()
  people = `ou=people,${slapd.suffix}`
  ldap = await connect({ url: slapd.url, bind: { dn: slapd.appDn, password: slapd.appPassword } })
})
afterAll(async () => {
  ldap?.unbind()
  await slapd?.stop()
})

async function addPerson(uid: string, password?: string): Promise<string> {
  const dn = `uid=${uid},${people}`
  await ldap.add(dn, { objectClass: ['inetOrgPerson'], uid: [uid], cn: [uid], sn: [uid] })
  if (password !== undefined) await ldap.passwordModify({ user: dn, newPassword: password })
  return dn
}

const bindAs = (dn: string, password: string): Promise<Connection> =>
  connect({ url: slapd.url, bind: { dn, password } })

describe('an entry', () => {
  test('is added, changed, compared, renamed and deleted', async () => {
    const dn = await addPerson('kim')
    await ldap.modify(dn, [
      { operation: 'add', attribute: 'mail', values: ['kim@example.org', 'k@example.org'] },
      { operation: 'replace', attribute: 'sn', values: ['Nguyễn'] },
    ])
    await ldap.modify(dn, [{ operation: 'delete', attribute: 'mail', values: ['k@example.org'] }])
    expect(text((await ldap.read(dn)) ?? raise(), 'mail')).toEqual(['kim@example.org'])
    expect(await ldap.compare(dn, 'sn', 'nguyễn')).toBe(true)
    expect(await ldap.compare(dn, 'sn', 'Lee')).toBe(false)
    await ldap.modifyDn(dn, { newRdn: 'uid=kim2', newSuperior: slapd.suffix })
    expect(await ldap.read(dn)).toBeUndefined()
    await ldap.delete(`uid=kim2,${slapd.suffix}`)
    expect(await ldap.read(`uid=kim2,${slapd.suffix}`)).toBeUndefined()
  })

  test('keeps a value of 200 KB byte by byte', async () => {
    const dn = await addPerson('photo')
    const photo = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) & 0xff))
    await ldap.modify(dn, [{ operation: 'replace', attribute: 'jpegPhoto', values: [photo] }])
    const read = (await ldap.read(dn))?.attributes.get('jpegphoto')?.values[0]
    expect(read?.equals(photo)).toBe(true)
  })

  test('is refused with the code, the name and the words of the server', async () => {
    await expect(addPerson('alice')).rejects.toMatchObject({ code: 68, name: 'entryAlreadyExists' })
    await expect(
      ldap.modify(`uid=alice,${people}`, [{ operation: 'delete', attribute: 'cn', values: [] }]),
    ).rejects.toMatchObject({ code: 65, diagnostic: expect.stringContaining('cn') })
  })
})

describe('a control', () => {
  test('makes a change only while the entry is as it was seen', async () => {
    const dn = await addPerson('guarded')
    const change = (sn: string, seen: string): Promise<unknown> =>
      ldap.modify(dn, [{ operation: 'replace', attribute: 'sn', values: [sn] }], {
        controls: [assertion(filter`(sn=${seen})`)],
      })
    await change('second', 'guarded')
    await expect(change('third', 'guarded')).rejects.toMatchObject({ code: 122, name: 'assertionFailed' })
  })

  test('brings the entry as a change left it', async () => {
    const dn = await addPerson('after')
    const { controls } = await ldap.modify(dn, [{ operation: 'replace', attribute: 'sn', values: ['New'] }], {
      controls: [postRead(['sn', 'entryCSN'])],
    })
    const after = readPostRead(controls) ?? raise()
    expect(after.dn).toBe(dn)
    expect(first(after, 'sn')).toBe('New')
    expect(first(after, 'entryCSN')).toMatch(/^\d{14}/)
  })

  test('sorts, and says by what it cannot', async () => {
    const sorted = async (
      attribute: string,
      rule?: string,
    ): Promise<{ uids: unknown[]; code: number | undefined }> => {
      const control = serverSideSort(
        [{ attribute, reverse: true, ...(rule !== undefined && { rule }) }],
        false,
      )
      const { entries, outcome } = await ldap.searchAll({
        base: people,
        scope: 'one',
        filter: filter`(uid=*)`,
        controls: [control],
      })
      return {
        uids: entries.map((entry) => first(entry, 'uid')),
        code: readSortResult(outcome.controls)?.code,
      }
    }
    const { uids, code } = await sorted('uid', 'caseIgnoreOrderingMatch')
    expect(code).toBe(0)
    expect(uids.slice(0, 3)).toEqual(['zoeuvrard', 'u000049', 'u000048'])
    await expect(sorted('uid')).rejects.toMatchObject({ name: 'inappropriateMatching' })
  })

  test('reads a referral object as an entry, which else sends the reader elsewhere', async () => {
    const dn = `ou=elsewhere,${slapd.suffix}`
    const ref = ['ldap://elsewhere.example/ou=elsewhere']
    const controls = [manageDsaIt()]
    await ldap.add(
      dn,
      { objectClass: ['referral', 'extensibleObject'], ou: ['elsewhere'], ref },
      { controls },
    )
    await expect(ldap.read(dn)).rejects.toMatchObject({
      code: 10,
      referrals: [expect.stringContaining('elsewhere')],
    })
    expect(text((await ldap.read(dn, { controls, attributes: ['ref'] })) ?? raise(), 'ref')).toEqual(ref)
    const { references } = await ldap.searchAll({ base: slapd.suffix })
    expect(references).toEqual([[expect.stringContaining('ldap://elsewhere.example/')]])
    await ldap.delete(dn, { controls })
  })

  test('asks to act as somebody else, and is refused where the server does not trust the asker', async () => {
    const controls = [proxiedAuthorization(`dn:uid=alice,${people}`)]
    await expect(ldap.read(people, { controls })).rejects.toMatchObject({ code: 123 })
    const root = await bindAs(slapd.rootDn, slapd.rootPassword)
    expect(await root.whoAmI({ controls })).toBe(`dn:uid=alice,${people}`)
    root.unbind()
  })

  test('that is critical and unknown is refused', async () => {
    const controls = [{ oid: '1.2.3.4', critical: true }]
    await expect(ldap.searchAll({ base: people, controls })).rejects.toMatchObject({ code: 12 })
  })
})

describe('the password policy', () => {
  const controls = [passwordPolicy()]
  const refusal = async (dn: string, password: string): Promise<unknown> => {
    const connection = await connect({ url: slapd.url })
    const error = await connection.bind({ dn, password }, { controls }).catch((refused: unknown) => refused)
    connection.unbind()
    return error instanceof LdapError ? { code: error.code, ...readPasswordPolicy(error.controls) } : error
  }

  test('says why a bind was refused: the account is locked', async () => {
    const dn = await addPerson('locked', 'first-password')
    await ldap.modify(dn, [
      { operation: 'replace', attribute: 'pwdAccountLockedTime', values: ['000001010000Z'] },
    ])
    expect(await refusal(dn, 'first-password')).toEqual({ code: 49, error: 'accountLocked' })
  })

  test('says that the password must be changed, and that the new one is too short', async () => {
    const dn = await addPerson('reset', 'first-password')
    await ldap.modify(dn, [{ operation: 'replace', attribute: 'pwdReset', values: ['TRUE'] }])
    const own = await connect({ url: slapd.url })
    const { controls: sent } = await own.bind({ dn, password: 'first-password' }, { controls })
    expect(readPasswordPolicy(sent)).toEqual({ error: 'changeAfterReset' })
    const short = own.passwordModify({ oldPassword: 'first-password', newPassword: 'short' }, { controls })
    const error = await short.catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(LdapError)
    expect(error instanceof LdapError && readPasswordPolicy(error.controls)).toEqual({
      error: 'passwordTooShort',
    })
    await own.passwordModify({ oldPassword: 'first-password', newPassword: 'long-enough-1' })
    own.unbind()
    ;(await bindAs(dn, 'long-enough-1')).unbind()
  })
})

test('a password that the server generated comes back byte by byte, and works', async () => {
  const dn = await addPerson('generated')
  const { generated } = await ldap.passwordModify({ user: dn })
  const own = await connect({ url: slapd.url, bind: { dn, password: generated ?? raise() } })
  expect(await own.whoAmI()).toBe(`dn:${dn}`)
  own.unbind()
})

test('a running search is cancelled with an answer', async () => {
  const controls = [
    { oid: '1.3.6.1.4.1.4203.1.9.1.1', critical: true, value: Buffer.from('30030a0103', 'hex') },
  ]
  const persistent = ldap.search({ base: slapd.suffix, controls, timeout: 5_000 })
  const events = persistent.events()[Symbol.asyncIterator]()
  await events.next() // syncrepl in refreshAndPersist: it goes on until it is cancelled
  const rest = async (): Promise<void> => {
    while ((await events.next()).done !== true);
  }
  const end = rest().catch((error: unknown) => error)
  await ldap.cancel(persistent.messageId)
  expect(await end).toMatchObject({ code: 118, name: 'canceled' })
  expect(await ldap.whoAmI()).toBe(`dn:${slapd.appDn}`)
})

function raise(): never {
  throw new Error('missing')
}
