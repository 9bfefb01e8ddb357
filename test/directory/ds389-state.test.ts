import { beforeAll, describe, expect, it } from 'vitest'
import { generatePassword } from '../../src/accounts/password/generate-password.ts'
import { normalizeDn, toDn } from '../../src/ldap/dn.ts'
import { formatGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import { appDn } from '../support/ds389-ldif.ts'
import { until } from '../support/poll.ts'
import type { TestPerson } from './directory-server.ts'
import { ds389Rules } from './ds389-rules.ts'
import { accepted, DAY, fromNow } from './suite/suite.ts'
import { useDs389 } from './use-ds389.ts'

const suffix = 'dc=example,dc=org'
const { suite, apply, ask, modify, open } = useDs389(ds389Rules)

// A new class of service counts some moments later.
beforeAll(async () => {
  const temp = `uid=temp,ou=branch,${suffix}`
  await until(async () => (await ask(temp, 'pwdPolicySubentry')).includes('cn=long'), {
    within: 20_000,
    every: 50,
  })
})

const policy = (name: string) => `cn=${name},cn=nsPwPolicyContainer,ou=people,${suffix}`
const under = (person: TestPerson, name: string) =>
  modify(person, `replace: pwdPolicySubentry\npwdPolicySubentry: ${policy(name)}`)

describe('who is disabled by a role', () => {
  it.each([
    ['was put into it', `add: nsRoleDN\nnsRoleDN: cn=left,${suffix}`],
    ['is in it by its filter, of which an index knows nothing', 'add: employeeType\nemployeeType: gone'],
  ])('is told and listed: who %s', async (_how, lines) => {
    const { somebody, expectState, outcome } = suite()
    const person = somebody()
    await modify(person, lines)
    await expectState(person, 'disabled')
    expect(await outcome(person)).toBe('refused')
  })

  it('is not enabled by an act on their entry, which says so', async () => {
    const { directory, somebody, outcome } = suite()
    const person = somebody()
    await modify(person, 'add: employeeType\nemployeeType: gone')
    expect(await directory.enable(person.dn)).toBe('not-enforced')
    await modify(person, 'replace: nsAccountLock\nnsAccountLock: true')
    expect(await directory.enable(person.dn)).toBe('not-enforced')
    expect(await outcome(person)).toBe('refused')
    await modify(person, 'delete: employeeType')
    expect(await outcome(person)).toBe('accepted')
  })
})

describe('the policy', () => {
  it('is that of the branch, where one has its own', async () => {
    const { directory } = suite()
    const entry = await directory.read(toDn(`uid=temp,ou=branch,${suffix}`), directory.stateAttributes)
    if (entry === null) throw new Error('not there')
    const { policy: applied } = await directory.accountState(entry, new Date())
    expect(applied).toMatchObject({ source: 'entry' })
    expect(normalizeDn(applied?.dn ?? '')).toContain('cn=long,')
    expect((await directory.passwordRules(entry)).length).toBe(30)
  })

  it('is that for everyone, where the server does not look at others', async () => {
    const { somebody, read } = suite()
    const person = somebody()
    await under(person, 'letters')
    const local = (value: string) =>
      apply(
        `dn: cn=config\nchangetype: modify\nreplace: nsslapd-pwpolicy-local\nnsslapd-pwpolicy-local: ${value}\n`,
      )
    await local('off')
    try {
      const directory = open()
      const state = await directory.accountState(await read(person), new Date())
      expect(state.policy).toEqual({ dn: 'cn=config', source: 'default' })
      expect(
        await directory.setPassword(person.dn, accepted('Few-wheels-1298761'), { mustChange: false }),
      ).toMatchObject({ outcome: 'written' })
    } finally {
      await local('on')
    }
  })

  it('gets passwords with the letters that it wants', async () => {
    const { directory, somebody, read, reset } = suite()
    const person = somebody()
    await under(person, 'letters')
    expect(await reset(person, 'Ab1-23456789-12345')).toMatchObject({ outcome: 'refused' })
    const rules = await directory.passwordRules(await read(person))
    for (let time = 0; time < 5; time++)
      expect(await reset(person, generatePassword(rules))).toMatchObject({ outcome: 'written' })
  })

  it('may warn long before the end, and the list begins as early', async () => {
    const { somebody, kinds, expectState } = suite()
    const person = somebody()
    await under(person, 'early')
    const at = fromNow(150 * DAY)
    expect(await kinds(person)).toEqual([])
    await modify(
      person,
      `replace: passwordExpirationTime\npasswordExpirationTime: ${formatGeneralizedTime(at)}`,
    )
    await expectState(person, 'password-expiring', { at })
  })
})

describe('the state and 389-DS', () => {
  it('agree that a password which its owner set before the server looked at ages has not expired', async () => {
    const { somebody, kinds, outcome } = suite()
    const person = somebody()
    await modify(person, 'replace: passwordExpirationTime\npasswordExpirationTime: 19700101000001Z')
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person)).toBe('accepted')
  })

  it('agree on the limit for everyone who was away for long', async () => {
    const { somebody, expectState, outcome } = suite()
    const person = somebody()
    await modify(person, 'replace: lastLoginTime\nlastLoginTime: 20200101000000Z')
    await expectState(person, 'idle', { since: new Date('2020-10-27T00:00:00Z') })
    expect(await outcome(person)).toBe('refused')
  })

  it('agree that a lock is over when another tool has set a password', async () => {
    const { directory, somebody, kinds, reset, outcome } = suite()
    const person = somebody()
    expect(await directory.lock(person.dn, new Date())).toBe('done')
    // As the server does with any new password: the date stays, and locks nobody.
    await modify(person, 'replace: passwordRetryCount\npasswordRetryCount: 0')
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person)).toBe('accepted')
    expect(await reset(person, 'Nobody-was-locked-1')).toMatchObject({
      outcome: 'written',
      putBack: [],
      lost: [],
    })
    expect(await outcome(person, 'Nobody-was-locked-1')).toBe('accepted')
    expect(await directory.lock(person.dn, new Date())).toBe('done')
    expect(await outcome(person, 'Nobody-was-locked-1')).toBe('refused')
  })

  it('agree that a lock which the service account may not put back is lost, and the password is new', async () => {
    const { directory, somebody, reset, kinds, outcome } = suite()
    const person = somebody()
    expect(await directory.lock(person.dn, new Date())).toBe('done')
    const rule = `(targetattr="accountUnlockTime || passwordRetryCount")(version 3.0; acl "none"; deny (write) userdn="ldap:///${appDn}";)`
    await modify(person, `add: aci\naci: ${rule}`)
    expect(await reset(person, 'Was-locked-1')).toEqual({ outcome: 'written', putBack: [], lost: ['lock'] })
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person, 'Was-locked-1')).toBe('accepted')
  })

  it('agree that an agent’s lock stays when the policy comes to allow more failures', async () => {
    const { directory, somebody, expectState, outcome } = suite()
    const person = somebody()
    expect(await directory.lock(person.dn, new Date())).toBe('done')
    await under(person, 'patient')
    await expectState(person, 'locked', { by: 'agent' })
    expect(await outcome(person)).toBe('refused')
  })
})

describe('a password that somebody else set, where such are limited', () => {
  it('opens as often as the policy allows', async () => {
    const { somebody, reset, kinds, outcome, expectState } = suite()
    const person = somebody()
    await under(person, 'twice')
    await reset(person, 'Only-twice-123', true)
    expect(await outcome(person, 'wrong')).toBe('refused')
    expect(await kinds(person)).toEqual(['must-change'])
    expect(await outcome(person, 'Only-twice-123')).toBe('accepted')
    await expectState(person, 'password-expired', { graceLeft: 0 })
    expect(await outcome(person, 'Only-twice-123')).toBe('refused')
  })

  it('opens until its end', async () => {
    const { somebody, reset, state, outcome, eventually, expectState } = suite()
    const person = somebody()
    await under(person, 'brief')
    await reset(person, 'Only-briefly-123', true)
    await eventually(person, 'password-expired')
    await expectState(person, 'password-expired', { graceLeft: 0 })
    expect((await state(person)).canSignIn).toBe(false)
    expect(await outcome(person, 'Only-briefly-123')).toBe('refused')
  })

  it('does not open before its time', async () => {
    const { somebody, reset, outcome, expectState } = suite()
    const person = somebody()
    await under(person, 'later')
    await reset(person, 'Not-yet-open-123', true)
    await expectState(person, 'not-started')
    expect(await outcome(person, 'Not-yet-open-123')).toBe('refused')
  })

  it('has none when its owner may keep it', async () => {
    const { somebody, reset, kinds, outcome } = suite()
    const person = somebody()
    await under(person, 'later')
    await reset(person, 'For-good-from-now-1')
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person, 'For-good-from-now-1')).toBe('accepted')
  })

  it('has no limits any more when its owner is told to keep it', async () => {
    const { directory, somebody, reset, kinds, outcome } = suite()
    const person = somebody()
    await under(person, 'later')
    await reset(person, 'For-good-from-now-1', true)
    expect(await directory.requireChange(person.dn, false)).toBe('done')
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person, 'For-good-from-now-1')).toBe('accepted')
  })
})

describe('who may not change their own password', () => {
  it.each([
    ['has not expired', '20991231000000Z'],
    ['has expired', '20200101000000Z'],
  ])('cannot while it %s', async (_name, end) => {
    const { directory, somebody, outcome } = suite()
    const person = somebody()
    await under(person, 'given')
    await modify(person, `replace: passwordExpirationTime\npasswordExpirationTime: ${end}`)
    const change = directory.changePassword(person.dn, person.password, accepted('My-own-choice-1'))
    expect(await change).toEqual({ outcome: 'refused', reason: 'change-not-allowed' })
    expect(await outcome(person, 'My-own-choice-1')).toBe('refused')
  })
})

describe('a lock by an agent', () => {
  it('is refused where people may bind at another server, which would not know of it', async () => {
    const { server, somebody, outcome } = suite()
    const person = somebody()
    const [url = ''] = server.config.urls
    const directory = open({ urls: [url, url] })
    expect(await directory.lock(person.dn, new Date())).toBe('not-enforced')
    expect(await outcome(person)).toBe('accepted')
  })
})
