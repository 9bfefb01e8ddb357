import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { signInKey } from '../../src/accounts/attempt-limit.ts'
import { generatePassword } from '../../src/accounts/password/generate-password.ts'
import { findRecovery, openRecoveryLink } from '../../src/accounts/recovery/recovery-link.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { useDesk } from './use-desk.ts'

const desk = useDesk()
const problem = (code: string) => expect.objectContaining({ code })

const check = async (login: string, password: string) => {
  const directory = desk.tenant().directories.get('main')
  return await directory?.verifyPassword(toDn(`uid=${login},ou=people,dc=example,dc=org`), password)
}
const account = async (login: string) =>
  await readAccount(desk.services(), await desk.permit('ada', 'account.read'), login, new Date())

describe('a reset', () => {
  test('gives a password that was generated, which signs in once and must then be changed', async () => {
    const { generated } = await desk.reset('hugo', 'alice')
    expect(await check('alice', generated ?? '')).toMatchObject({ outcome: 'accepted', mustChange: true })
    expect(await check('alice', 'pw-alice')).toMatchObject({ outcome: 'refused' })
    expect((await account('alice')).state.conditions).toEqual([{ kind: 'must-change' }])
  })

  test('gives the password that the agent typed, to stay when they say so', async () => {
    const password = 'horse battery staple 42'
    expect(await desk.reset('hugo', 'alice', { password, mustChange: false })).toEqual({
      generated: null,
      targets: [{ directory: 'main', outcome: 'written', putBack: [], lost: [], ntHash: null }],
      isComplete: true,
      retry: null,
    })
    expect(await check('alice', password)).toMatchObject({ outcome: 'accepted', mustChange: false })
  })

  test('refuses a password with all that is wrong with it, and one of the history by the directory’s reason', async () => {
    const refused = await desk
      .reset('hugo', 'elefevre', { password: 'lefevre' })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'password-refused',
      faults: [
        { field: 'password', reason: 'too-short' },
        { field: 'password', reason: 'own-word' },
      ],
    })
    const password = 'horse battery staple 43'
    await desk.reset('hugo', 'elefevre', { password })
    await expect(desk.reset('hugo', 'elefevre', { password })).rejects.toMatchObject({
      faults: [{ reason: 'directory-in-history' }],
    })
  })

  test('lets the person sign in at once, however often they guessed before, by any of their logins', async () => {
    await desk.modify('u000020', 'add: uid\nuid: twenty')
    const { ephemeral } = desk.stores()
    const keys = ['u000020', 'TWENTY'].map((login) => signInKey(desk.tenant().name, login))
    for (const key of keys) await ephemeral.set(key, '10', 900)
    await desk.reset('hugo', 'u000020')
    expect(await ephemeral.getMany(keys)).toEqual([null, null])
  })

  test('ends the sessions, closes the recovery link, and tells the person only when asked', async () => {
    desk.ended.length = 0
    desk.mails.length = 0
    const { ref } = await account('jndherve')
    const { ephemeral } = desk.stores()
    const token = await openRecoveryLink(ephemeral, desk.tenant(), `main.${ref.id}`)
    await desk.reset('hugo', 'jndherve')
    expect(await findRecovery(ephemeral, desk.tenant(), token)).toBeNull()
    expect(desk.ended).toEqual([`main.${ref.id}`])
    expect(desk.mails).toEqual([])
    await desk.reset('hugo', 'jndherve', { notify: true })
    expect(desk.mails).toEqual([
      { to: ['jeannoel.dherve@example.org'], mail: { template: 'password-reset' } },
    ])
  })

  test('leaves a lock that an agent set', async () => {
    await desk.act('hugo', 'lock', 'tlnguyen')
    await desk.reset('hugo', 'tlnguyen')
    expect((await account('tlnguyen')).state.conditions).toContainEqual({ kind: 'locked', by: 'agent' })
    await desk.act('hugo', 'unlock', 'tlnguyen')
  })

  test.each([
    ['another tool closed', '{SSHA}!AAAA', 'closed-elsewhere'],
    ['lives in another system', '{SASL}zoe@ad.example.org', 'password-elsewhere'],
  ] as const)('of an account that %s is refused, and its password stays', async (_what, hash, code) => {
    await desk.modify('zoeuvrard', `replace: userPassword\nuserPassword: ${hash}`)
    await expect(desk.reset('hugo', 'zoeuvrard')).rejects.toThrow(problem(code))
    const stored = await desk.attribute('zoeuvrard', 'userPassword')
    expect(Buffer.from(stored ?? '', 'base64').toString()).toBe(hash)
  })

  test('of a more privileged account is refused, nothing is written', async () => {
    const before = await desk.attribute('ada', 'userPassword')
    await expect(desk.reset('hugo', 'ada')).rejects.toThrow(problem('more-privileged'))
    expect(await desk.attribute('ada', 'userPassword')).toBe(before)
  })

  test('is not for the agent’s own account: a change asks for the old password', async () => {
    await expect(desk.reset('hugo', 'hugo')).rejects.toThrow(problem('own-account'))
    await expect(desk.act('hugo', 'disable', 'hugo')).rejects.toThrow(problem('own-account'))
    expect(await desk.reset('ada', 'hugo')).toMatchObject({ generated: expect.any(String) })
  })

  test('asks for a reason where the tenant wants one', async () => {
    const strict = desk.open({ desk: { reasonRequired: ['reset'] } })
    await expect(desk.reset('hugo', 'u000030', {}, strict)).rejects.toThrow(problem('reason-required'))
    await desk.reset('hugo', 'u000030', { reason: 'forgot it' }, strict)
    const { items } = await desk.audit().list('acme', { limit: 1 })
    expect(items).toMatchObject([{ action: 'password.reset', result: 'done', reason: 'forgot it' }])
  })

  test('never writes a password into the audit', async () => {
    const typed = 'canary in the coal mine 77'
    const { generated } = await desk.reset('hugo', 'u000031', { reason: 'forgot it' })
    await desk.reset('hugo', 'u000031', { password: typed })
    const { database } = desk.stores()
    const rows = await database.query(
      z.object({ row: z.string() }),
      'select entry::text as row from audit_events union all select audit_people::text from audit_people',
    )
    const everything = JSON.stringify([rows, await desk.audit().list('acme', { limit: 100 })])
    expect(everything).toContain('u000031')
    expect(everything).not.toContain(typed)
    expect(everything).not.toContain(generated)
  })
})

test('what is generated has every kind of character that a directory may ask for, and no two are alike', () => {
  const passwords = Array.from({ length: 2_000 }, () => generatePassword())
  for (const password of passwords) {
    expect(password).toMatch(/^[A-Z][a-z2-9]{3}(?:-[a-z2-9]{4}){2}-[a-z2-9]{3}[2-9]$/)
    expect(password).not.toMatch(/[ilo01]/)
  }
  expect(new Set(passwords).size).toBe(passwords.length)
})
