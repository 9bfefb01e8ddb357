import { describe, expect, test } from 'vitest'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { ntHash } from '../../src/directory/nt-hash.ts'
import { accepted } from '../directory/suite/suite.ts'
import { asRoot, ldapTool } from '../support/ldap-tools.ts'
import { grantAgain, withholdRights } from '../support/withhold-rights.ts'
import { password, suffix, useTwoDirectories, written } from './use-two-directories.ts'

const { desk, second, tenant, withSecond, dnIn, inSecond, proves, reset, change, finish } =
  useTwoDirectories()

describe('a reset where two directories hold a password', () => {
  test('writes both, and says so', async () => {
    expect(await reset('u000010')).toMatchObject({
      targets: [written('main'), written('second')],
      isComplete: true,
      retry: null,
    })
    for (const directory of ['main', 'second'])
      expect(await proves(directory, 'u000010', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('leaves an event for each, of the person there', async () => {
    await reset('u000011')
    const found = await findByLogin(tenant(), 'signIn', 'u000011', everyAttribute)
    const there = await tenant().directories.get('second')?.read(dnIn('second', 'u000011'), ['entryUUID'])
    if (found === null || !there) throw new Error('nobody')
    for (const person of [
      { directory: 'main', id: found.branch.directory.idOf(found.entry) },
      { directory: 'second', id: found.branch.directory.idOf(there) },
    ]) {
      const { items } = await desk.audit().list('acme', { action: 'password.reset', person, limit: 10 })
      expect(items.map(({ result }) => result)).toEqual(['done', 'attempted'])
    }
  })

  test('is complete for somebody whom the other directory does not know', async () => {
    await ldapTool('ldapdelete', asRoot(second()), [dnIn('second', 'u000012')])
    expect(await reset('u000012')).toMatchObject({ targets: [written('main')], isComplete: true })
  })

  test('tells what the other directory refuses, by its reason, and writes nothing twice there', async () => {
    await reset('u000013')
    await desk.reset('hugo', 'u000013', { password: 'something in between', mustChange: false })
    expect(await reset('u000013', { password: 'something else entirely' })).toMatchObject({
      isComplete: true,
    })
    // The first password is in the history of both: main refuses first, and nothing was written.
    await expect(reset('u000013')).rejects.toMatchObject({ code: 'password-refused' })
    await inSecond('u000013', 'replace: userPassword\nuserPassword: {SSHA}!AAAA')
    expect(await reset('u000013', { password: 'yet another sentence' })).toMatchObject({
      targets: [written('main'), { directory: 'second', outcome: 'refused', reason: 'closed-elsewhere' }],
      isComplete: false,
      retry: null,
    })
  })
})

test('a password that the other directory has already is there, and is no refusal by its history', async () => {
  await reset('u000022', { password: 'an older sentence' })
  await tenant()
    .directories.get('second')
    ?.changePassword(dnIn('second', 'u000022'), 'an older sentence', accepted(password))
  expect(await reset('u000022', { mustChange: true })).toMatchObject({
    targets: [written('main'), written('second')],
    isComplete: true,
  })
  expect(await proves('second', 'u000022', password)).toMatchObject({ mustChange: true })
})

describe('a change by the owner', () => {
  test('sets the second too where the old password is another one there', async () => {
    await inSecond('u000020', 'replace: userPassword\nuserPassword: something else here')
    expect(await change('u000020', 'pw-u000020', password)).toMatchObject({ isComplete: true })
    expect(await proves('second', 'u000020', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('writes nothing anywhere when the old password is wrong for the first', async () => {
    await expect(change('u000021', 'not this one', password)).rejects.toMatchObject({
      code: 'wrong-password',
    })
    expect(await proves('second', 'u000021', 'pw-u000021')).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a password that is elsewhere', () => {
  const passThrough = async (login: string, identity: string) =>
    await desk.modify(login, `replace: userPassword\nuserPassword: {SASL}${identity}`)

  test('is reset and changed where it is, once, and what stands here stays', async () => {
    await passThrough('u000030', 'u000031@second.EXAMPLE')
    // `alsoIn` would lead to u000030 there, a password of its own: it is written too.
    expect(await reset('u000030')).toMatchObject({
      targets: [written('second'), written('second')],
      isComplete: true,
    })
    expect(await proves('second', 'u000031', password)).toMatchObject({ outcome: 'accepted' })
    expect(await desk.attribute('u000030', 'userPassword')).toBe(
      Buffer.from('{SASL}u000031@second.EXAMPLE').toString('base64'),
    )
    await passThrough('u000032', 'u000032@second.example')
    expect(await change('u000032', 'pw-u000032', password)).toMatchObject({ targets: [written('second')] })
    expect(await proves('second', 'u000032', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('leaves no old NT hash at the account’s own entry, by which Wi-Fi and shares go', async () => {
    await passThrough('u000037', 'u000037@second.example')
    const old = await ntHash('the old password')
    const samba = `add: objectClass\nobjectClass: sambaSamAccount\n-\nadd: sambaSID\nsambaSID: S-1-5-21-1-2-3-37`
    await desk.modify('u000037', `${samba}\n-\nadd: sambaNTPassword\nsambaNTPassword: ${old}`)
    expect(await reset('u000037')).toMatchObject({
      targets: [written('second'), { directory: 'main', outcome: 'written', ntHash: 'written' }],
      isComplete: true,
    })
    expect(await desk.attribute('u000037', 'sambaNTPassword')).toBe(await ntHash(password))
  })

  test('has an NT hash that was not written at once written by the same agent later', async () => {
    await passThrough('u000038', 'u000038@second.example')
    const samba = `add: objectClass\nobjectClass: sambaSamAccount\n-\nadd: sambaSID\nsambaSID: S-1-5-21-1-2-3-38`
    await desk.modify('u000038', samba)
    await withholdRights(desk.slapd(), dnIn('main', 'u000038'), ['sambaNTPassword'])
    const { targets, retry } = await reset('u000038')
    expect(targets).toMatchObject([written('second'), { directory: 'main', ntHash: 'failed' }])
    const again = await finish('hugo', 'u000038', String(retry))
    expect(again).toMatchObject({ targets: [{ directory: 'main', ntHash: 'failed' }], isComplete: false })
    await grantAgain(desk.slapd())
    expect(await finish('hugo', 'u000038', String(again.retry))).toMatchObject({
      targets: [{ directory: 'main', ntHash: 'written' }],
      isComplete: true,
    })
    expect(await desk.attribute('u000038', 'sambaNTPassword')).toBe(await ntHash(password))
  })

  test('is refused in words where no rule leads to exactly one entry', async () => {
    const elsewhere = { code: 'password-elsewhere' }
    await passThrough('u000033', 'u000033@another.example')
    await expect(reset('u000033')).rejects.toMatchObject(elsewhere)
    await passThrough('u000033', 'nobody@second.example')
    await expect(reset('u000033')).rejects.toMatchObject(elsewhere)
    await inSecond('u000034', 'add: uid\nuid: shared-name')
    await inSecond('u000035', 'add: uid\nuid: shared-name2')
    const { directories } = withSecond({
      passThrough: [{ directory: 'second', base: `ou=people,${suffix}`, attribute: 'objectClass' }],
    })
    const vague = desk.open({ directories })
    await passThrough('u000033', 'inetOrgPerson@any')
    const asked = { password, mustChange: false }
    await expect(desk.reset('hugo', 'u000033', asked, vague)).rejects.toMatchObject(elsewhere)
  })

  test('has a forced change where it is', async () => {
    await passThrough('u000036', 'u000036@second.example')
    expect(await desk.act('hugo', 'require-change', 'u000036', {}, tenant())).toBe('done')
    expect(await proves('second', 'u000036', 'pw-u000036')).toMatchObject({ mustChange: true })
  })
})
