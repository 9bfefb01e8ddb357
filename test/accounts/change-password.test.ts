import { describe, expect, test } from 'vitest'
import { changePassword } from '../../src/accounts/change-password.ts'
import { findRecovery, openRecoveryLink } from '../../src/accounts/recovery/recovery-link.ts'
import { until } from '../support/poll.ts'
import { useAccounts } from './use-accounts.ts'

const accounts = useAccounts({ changes: { signIn: { maxFailuresPerAccount: 3 } } })
const { change, proves, modify, trace, setup } = accounts

const fresh = 'seven blue horses run'
const other = 'nine green tables sing'
const policy = (lines: string, name: string) =>
  accounts.add(`dn: cn=${name},ou=policies,dc=example,dc=org
objectClass: device
objectClass: pwdPolicy
cn: ${name}
pwdAttribute: userPassword
${lines}
`)
const under = (login: string, name: string) =>
  modify(login, `replace: pwdPolicySubentry\npwdPolicySubentry: cn=${name},ou=policies,dc=example,dc=org`)

describe('a change of password', () => {
  test('is written, traced and told by mail; it ends the other sessions and every recovery link', async () => {
    const id = await accounts.accountId('alice')
    const token = await openRecoveryLink(setup().ephemeral, setup().tenant, id)
    await change('alice', { password: fresh, session: 'this-one' })
    expect(await proves('alice', fresh)).toBe('accepted')
    expect(accounts.ended).toEqual([{ accountId: id, except: 'this-one' }])
    expect(accounts.mails).toEqual([
      { to: ['alice.martin@example.org'], mail: { template: 'password-changed' } },
    ])
    expect(await findRecovery(setup().ephemeral, setup().tenant, token)).toBeNull()
    expect(await trace('alice', 'password.change')).toEqual(['attempted', 'done'])
  })

  test('tells all that is wrong at once, before the directory is asked', async () => {
    await expect(change('elefevre', { old: '', password: 'lefevre' })).rejects.toMatchObject({
      code: 'password-refused',
      faults: [
        { field: 'old', reason: 'required' },
        { field: 'password', reason: 'too-short' },
        { field: 'password', reason: 'own-word' },
      ],
    })
    expect(await accounts.attribute('elefevre', 'pwdFailureTime')).toBeNull()
  })

  test('to the same password is none', async () => {
    await change('u000010', { password: fresh })
    await expect(change('u000010', { old: fresh, password: fresh })).rejects.toMatchObject({
      faults: [{ field: 'password', reason: 'same-as-old' }],
    })
  })

  test('with a wrong old password is refused, counted for all replicas, and leaves everything as it was', async () => {
    for (let n = 0; n < 3; n++) {
      await expect(change('u000011', { old: 'wrong', password: fresh })).rejects.toMatchObject({
        code: 'wrong-password',
        faults: [{ field: 'old', reason: 'wrong-password' }],
      })
    }
    await expect(change('u000011', { password: fresh })).rejects.toMatchObject({ code: 'too-many-attempts' })
    expect(await proves('u000011', 'pw-u000011')).toBe('accepted')
    expect(await trace('u000011', 'password.change')).toEqual(
      Array.from({ length: 3 }, () => ['attempted', 'refused wrong-password']).flat(),
    )
  })

  test('of a locked account counts as a guess: the directory has not looked at the old password', async () => {
    await modify('u000024', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    for (let n = 0; n < 3; n++)
      await expect(change('u000024', { old: 'a guess', password: fresh })).rejects.toMatchObject({
        faults: [{ reason: 'directory-locked' }],
      })
    await expect(change('u000024', { password: fresh })).rejects.toMatchObject({ code: 'too-many-attempts' })
  })

  test('that the directory refuses does not count as a guess', async () => {
    await change('u000012', { password: fresh })
    await change('u000012', { old: fresh, password: other })
    for (let n = 0; n < 5; n++) {
      await expect(change('u000012', { old: other, password: fresh })).rejects.toMatchObject({
        faults: [{ reason: 'directory-in-history' }],
      })
    }
  })

  test.each([
    ['too-young', 'pwdMinAge: 3600'],
    ['too-short', 'pwdMinLength: 40\npwdCheckQuality: 2'],
    ['change-not-allowed', 'pwdAllowUserChange: FALSE'],
  ])('is refused by the directory’s own rule: %s', async (reason, lines) => {
    await policy(lines, reason)
    const login = `u00002${['too-young', 'too-short', 'change-not-allowed'].indexOf(reason)}`
    await change(login, { password: fresh })
    await under(login, reason)
    await expect(change(login, { old: fresh, password: other })).rejects.toMatchObject({
      code: 'password-refused',
      faults: [{ field: 'password', reason: `directory-${reason}` }],
    })
  })

  test('may follow a reset by an agent, whose password then need not be changed again', async () => {
    await modify('u000013', 'replace: pwdReset\npwdReset: TRUE')
    await change('u000013', { password: fresh })
    expect(await accounts.attribute('u000013', 'pwdReset')).toBeNull()
    expect(await proves('u000013', fresh)).toBe('accepted')
  })

  test.each([
    ['u000014', ''],
    ['u000015', '\npwdSafeModify: TRUE'],
    ['u000016', '\npwdMustChange: TRUE'],
  ])('of an expired password needs that password, %s%s', async (login, lines) => {
    const name = `expiring-${login}`
    await change(login, { password: fresh })
    await policy(`pwdMaxAge: 1${lines}`, name)
    await under(login, name)
    await until(async () => (await proves(login, fresh)) === 'expired', { within: 5_000, every: 50 })
    await expect(change(login, { old: 'wrong', password: other })).rejects.toMatchObject({
      code: 'wrong-password',
    })
    await change(login, { old: fresh, password: other })
    await under(login, 'default')
    expect(await accounts.attribute(login, 'pwdReset')).not.toBe('TRUE')
    expect(await proves(login, other)).toBe('accepted')
  })

  test('takes an old password that another tool set in another Unicode form', async () => {
    const decomposed = 'e\u0301te\u0301 comme hiver'
    await modify(
      'u000017',
      `replace: userPassword\nuserPassword:: ${Buffer.from(decomposed).toString('base64')}`,
    )
    await change('u000017', { old: decomposed, password: fresh })
    expect(await proves('u000017', fresh)).toBe('accepted')
  })

  test('is not made where another system owns the password', async () => {
    await modify('u000018', 'replace: userPassword\nuserPassword: {SASL}u000018@ad.example')
    await expect(change('u000018', { password: fresh })).rejects.toMatchObject({ code: 'password-elsewhere' })
    const kept = Buffer.from(String(await accounts.attribute('u000018', 'userPassword')), 'base64')
    expect(kept.toString()).toBe('{SASL}u000018@ad.example')
  })

  test('is not made when it cannot be traced', async () => {
    const services = { ...accounts.services(), trail: { record: refuse, act: refuse } }
    const given = { old: 'pw-u000019', password: fresh, origin: {} }
    const id = await accounts.accountId('u000019')
    await expect(changePassword(services, setup().tenant, id, given, new Date())).rejects.toThrow('no audit')
    expect(await proves('u000019', 'pw-u000019')).toBe('accepted')
  })
})

async function refuse(): Promise<never> {
  throw new Error('no audit')
}
