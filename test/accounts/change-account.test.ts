import { describe, expect, test } from 'vitest'
import { renameAccount } from '../../src/accounts/rename-account.ts'
import { setValidity } from '../../src/accounts/set-validity.ts'
import type { Validity } from '../../src/directory/directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { withholdRights } from '../support/withhold-rights.ts'
import { useDesk } from './use-desk.ts'

const desk = useDesk()
const now = new Date('2026-11-25T12:00:00Z')
const people = 'ou=people,dc=example,dc=org'

const dates = async (login: string, validity: Validity, agent = 'hugo') =>
  await setValidity(
    desk.services(),
    await desk.permit(agent, 'account.validity'),
    login,
    { validity, origin: {} },
    now,
  )
const proves = async (login: string, password = `pw-${login}`) => {
  const directory = desk.tenant().directories.get('main')
  return (await directory?.verifyPassword(toDn(`uid=${login},${people}`), password))?.outcome
}
const events = async (action: 'account.validity' | 'account.require-change') =>
  (await desk.audit().list('acme', { action, limit: 10 })).items.map(({ result, code }) => [result, code])

describe('the dates of an account', () => {
  test('are set to the second, stay where nothing is said, and are removed by null', async () => {
    const [from, until] = [new Date('2020-01-01T23:00:00Z'), new Date('2027-06-30T22:00:00Z')]
    expect(await dates('u000010', { from, until })).toBe('done')
    expect(await dates('u000010', { until })).toBe('already-so')
    expect(await desk.attribute('u000010', 'pwdStartTime')).toBe('20200101230000Z')
    expect(await desk.attribute('u000010', 'pwdEndTime')).toBe('20270630220000Z')
    expect(await proves('u000010')).toBe('accepted')
    expect(await dates('u000010', { from: null })).toBe('done')
    expect(await desk.attribute('u000010', 'pwdStartTime')).toBeNull()
    expect(await desk.attribute('u000010', 'pwdEndTime')).toBe('20270630220000Z')
    expect((await events('account.validity'))[0]).toEqual(['done', null])
  })

  test('shut out at once who is outside them, sessions included', async () => {
    const before = desk.ended.length
    await dates('u000011', { until: new Date('2026-11-01T00:00:00Z') })
    expect(await proves('u000011')).toBe('refused')
    expect(desk.ended.length).toBe(before + 1)
    await dates('u000011', { until: null })
    expect(await proves('u000011')).toBe('accepted')
    expect(desk.ended.length).toBe(before + 1)
  })

  test('do not end before they start, also with the date that stands there', async () => {
    await dates('u000012', { from: new Date('2027-01-01T00:00:00Z') })
    await expect(dates('u000012', { until: new Date('2026-12-01T00:00:00Z') })).rejects.toMatchObject({
      code: 'invalid-input',
      faults: [{ field: 'until', reason: 'before-start' }],
    })
    expect(await desk.attribute('u000012', 'pwdEndTime')).toBeNull()
  })

  test('do not open a disabled account by its start', async () => {
    await desk.act('hugo', 'disable', 'u000013')
    for (const from of [null, new Date('2026-01-01T00:00:00Z')])
      await expect(dates('u000013', { from })).rejects.toMatchObject({ faults: [{ reason: 'disabled' }] })
    expect(await dates('u000013', { until: new Date('2027-01-01T00:00:00Z') })).toBe('done')
    expect(await proves('u000013')).toBe('refused')
  })

  test('are the business of agents with the right only, and nobody’s own', async () => {
    await expect(dates('ada', { until: null })).rejects.toMatchObject({ code: 'more-privileged' })
    await expect(dates('hugo', { until: null })).rejects.toMatchObject({ code: 'own-account' })
  })
})

test('an act that the service account has no right to is said in words', async () => {
  await desk.change(
    `dn: cn=stranger,ou=services,dc=example,dc=org\nchangetype: add\nobjectClass: device\nobjectClass: simpleSecurityObject\ncn: stranger\nuserPassword: stranger-stranger\n`,
  )
  const [main] = testTenantConfig(desk.slapd()).directories
  if (main === undefined) throw new Error('no directory')
  const bind = { dn: 'cn=stranger,ou=services,dc=example,dc=org', password: 'stranger-stranger' }
  const powerless = desk.open({ directories: [{ ...main, bind }] })
  const refused = { code: 'directory-refused' }
  await expect(desk.act('hugo', 'disable', 'u000016', {}, powerless)).rejects.toMatchObject(refused)
  expect((await desk.audit().list('acme', { action: 'account.disable', limit: 1 })).items).toMatchObject([
    { result: 'failed', code: 'directory-refused' },
  ])
})

test('the tenant may want a reason for each', async () => {
  const strict = desk.open({ desk: { reasonRequired: ['validity', 'rename', 'require-change'] } })
  const refused = { code: 'reason-required' }
  const [services, origin] = [desk.services(), {}]
  const mayDate = await desk.permit('hugo', 'account.validity', strict)
  const dated = setValidity(services, mayDate, 'u000015', { validity: { until: null }, origin }, now)
  await expect(dated).rejects.toMatchObject(refused)
  const mayRename = await desk.permit('hugo', 'account.rename', strict)
  const renamed = renameAccount(services, mayRename, 'u000015', { newLogin: 'other', origin }, now)
  await expect(renamed).rejects.toMatchObject(refused)
  const forced = desk.act('hugo', 'require-change', 'u000015', { reason: ' ' }, strict)
  await expect(forced).rejects.toMatchObject(refused)
})

test('a forced change is asked for at the next sign-in', async () => {
  expect(await desk.act('hugo', 'require-change', 'u000014')).toBe('done')
  expect(await desk.act('hugo', 'require-change', 'u000014')).toBe('already-so')
  const directory = desk.tenant().directories.get('main')
  expect(await directory?.verifyPassword(toDn(`uid=u000014,${people}`), 'pw-u000014')).toMatchObject({
    outcome: 'accepted',
    mustChange: true,
  })
  expect((await events('account.require-change'))[0]).toEqual(['done', null])
})

describe('what a reset puts back', () => {
  test('is told: the lock that an agent had set', async () => {
    await desk.act('hugo', 'lock', 'u000030')
    expect(await desk.reset('hugo', 'u000030', { mustChange: false })).toMatchObject({
      targets: [{ outcome: 'written', putBack: ['lock'] }],
      isComplete: true,
    })
  })
})

test('what a reset could not put back is told and traced, and all that follows a reset is done', async () => {
  await desk.act('hugo', 'lock', 'u000033')
  await withholdRights(desk.slapd(), `uid=u000033,${people}`, ['pwdAccountLockedTime', 'pwdReset'])
  const [ended, mails] = [desk.ended.length, desk.mails.length]
  const given = { password: 'a long and new sentence', mustChange: true, notify: true }
  expect(await desk.reset('hugo', 'u000033', given)).toMatchObject({
    targets: [{ outcome: 'written', putBack: [], lost: ['must-change', 'lock'] }],
    isComplete: false,
    retry: null,
  })
  expect(await proves('u000033', given.password)).toBe('accepted')
  expect([desk.ended.length, desk.mails.length]).toEqual([ended + 1, mails + 1])
  const { items } = await desk.audit().list('acme', { action: 'password.reset', limit: 4 })
  expect(items.map(({ result, code }) => [result, code])).toEqual([
    ['done', null],
    ['failed', 'lock-lost'],
    ['failed', 'must-change-lost'],
    ['attempted', null],
  ])
})

describe('a generated password', () => {
  test('satisfies the policy of the directory', async () => {
    await desk.change(
      `dn: cn=long,ou=policies,dc=example,dc=org\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: long\npwdAttribute: userPassword\npwdMinLength: 40\npwdCheckQuality: 2\n`,
    )
    const policy = 'cn=long,ou=policies,dc=example,dc=org'
    await desk.modify('u000031', `add: pwdPolicySubentry\npwdPolicySubentry: ${policy}`)
    const { generated } = await desk.reset('hugo', 'u000031', { mustChange: false })
    expect(generated?.length).toBeGreaterThanOrEqual(40)
  })

  test('is a longer one where the server refuses the usual one for a rule that we cannot read', async () => {
    const [main] = testTenantConfig(desk.slapd()).directories
    if (main === undefined) throw new Error('no directory')
    await desk.change(
      `dn: cn=default,ou=policies,dc=example,dc=org\nchangetype: modify\nreplace: pwdMinLength\npwdMinLength: 30\n`,
    )
    const { defaultPolicy: _, ...blind } = main
    const tenant = desk.open({ directories: [blind] })
    const { generated } = await desk.reset('hugo', 'u000032', { mustChange: false }, tenant)
    expect(generated?.length).toBeGreaterThanOrEqual(30)
    expect(await proves('u000032', String(generated))).toBe('accepted')
  })
})
