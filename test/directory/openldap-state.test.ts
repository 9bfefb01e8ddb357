import { describe, expect, it } from 'vitest'
import { formatGeneralizedTime } from '../../src/ldap/generalized-time.ts'
import { kindsOf, DAY, fromNow } from './suite/suite.ts'
import { useOpenLdap } from './use-openldap.ts'

const { suite, slapd, open, apply, modify, underPolicy } = useOpenLdap()

describe('the state and slapd', () => {
  it.each([
    ['no dates', '', true],
    ['a start tomorrow', `pwdStartTime: ${day(1)}`, false],
    ['a start yesterday', `pwdStartTime: ${day(-1)}`, true],
    ['an end yesterday', `pwdEndTime: ${day(-1)}`, false],
    ['an end tomorrow', `pwdEndTime: ${day(1)}`, true],
    ['an end in 9999, which wraps', 'pwdEndTime: 99991231235959Z', false],
    ['an end in 2105, which does not', 'pwdEndTime: 21051231235959Z', true],
    ['a start in 9999, which wraps', 'pwdStartTime: 99991231235959Z', true],
    ['a start before 1970, which wraps', 'pwdStartTime: 19650101000000Z', false],
    ['an end once around and half a day ago', `pwdEndTime: ${around(-0.5)}`, false],
    ['an end once around and in half a day', `pwdEndTime: ${around(0.5)}`, true],
    ['an end before 1970, which wraps', 'pwdEndTime: 19691231000000Z', true],
    ['a lock time in the future', `pwdAccountLockedTime: ${day(2)}`, true],
    ['a lock for ever', 'pwdAccountLockedTime: 000001010000Z', false],
    ['a lock that is over', `pwdAccountLockedTime: ${day(-1)}`, true],
  ])('agree on %s', async (_name, line, opens) => {
    const { somebody, state, outcome, selected } = suite()
    const person = somebody()
    if (line !== '') await modify(person, `replace: ${line.split(':')[0]}\n${line}`)
    const { canSignIn, conditions } = await state(person)
    expect(canSignIn).toBe(opens)
    for (const { kind } of conditions) expect(await selected(kind)).toContain(person.dn)
    expect(await outcome(person)).toBe(opens ? 'accepted' : 'refused')
  })

  it('agree that nobody is locked under a policy without lockout', async () => {
    const { somebody, kinds, outcome } = suite()
    const person = somebody()
    await underPolicy(person, 'pwdLockout: FALSE')
    await modify(person, 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    expect(await kinds(person)).toEqual([])
    expect(await outcome(person)).toBe('accepted')
  })

  it('agree that sign-ins with an expired password end with the time for them', async () => {
    const { somebody, reset, state, eventually, outcome } = suite()
    const person = somebody()
    await reset(person, 'Expires-soon-1')
    await underPolicy(person, 'pwdMaxAge: 1\npwdGraceAuthNLimit: 5\npwdGraceExpiry: 1')
    await eventually(person, 'password-expired')
    await expect.poll(async () => (await state(person)).canSignIn, { timeout: 5_000 }).toBe(false)
    expect(await outcome(person, 'Expires-soon-1')).toBe('expired')
  })

  it('agree that who must change a password gets in though it has expired', async () => {
    const { somebody, reset, state, kinds, bind, eventually } = suite()
    const person = somebody()
    await reset(person, 'Expires-soon-1')
    await underPolicy(person, 'pwdMaxAge: 1\npwdMustChange: TRUE')
    await eventually(person, 'password-expired')
    await modify(person, 'replace: pwdReset\npwdReset: TRUE')
    expect(await kinds(person)).toEqual(['must-change'])
    expect(await state(person)).toMatchObject({ canSignIn: true })
    expect(await bind(person, 'Expires-soon-1')).toMatchObject({ outcome: 'accepted', mustChange: true })
  })

  it('agree that a wish for another password counts only where the policy has it', async () => {
    const { somebody, directory, kinds, bind } = suite()
    const person = somebody()
    await underPolicy(person, 'pwdMustChange: FALSE')
    expect(await directory.requireChange(person.dn, true)).toBe('not-enforced')
    await modify(person, 'replace: pwdReset\npwdReset: TRUE')
    expect(await kinds(person)).toEqual([])
    expect(await bind(person)).toMatchObject({ mustChange: false })
  })

  it('know a policy wherever it is', async () => {
    const { somebody, reset, eventually, selected } = suite()
    const person = somebody()
    const branch = `ou=elsewhere,${slapd().suffix}`
    await apply(`dn: ${branch}\nchangetype: add\nobjectClass: organizationalUnit\nou: elsewhere\n`)
    await reset(person, 'Expires-soon-1')
    await underPolicy(person, 'pwdMaxAge: 1', branch)
    await eventually(person, 'password-expired')
    expect(await selected('password-expired')).toContain(person.dn)
  })
})

describe('what the service account cannot see', () => {
  it.each(['resource-state', 'shadow-expire'] as const)('does not hide a closing by %s', async (how) => {
    const { somebody, server, selected } = suite()
    const person = somebody()
    await server.cause.noPassword(person)
    await server.cause.closed(person, how)
    expect(await selected('closed-elsewhere')).toContain(person.dn)
  })

  it('is not claimed: sign-ins that no one records, passwords that are hidden', async () => {
    const { somebody, server, state, bind, expectNobody, selected } = suite()
    const [person, other] = [somebody(), somebody()]
    expect((await bind(person)).outcome).toBe('accepted')
    await expectNobody('never-signed-in')
    await modify(person, 'delete: userPassword')
    expect(kindsOf(await state(person))).toContain('no-password')
    expect(await selected('no-password')).toContain(person.dn)
    // A person may read their own password and nobody else's.
    const blind = open({ bind: { dn: other.dn, password: other.password } })
    const entry = await blind.read(person.dn, blind.stateAttributes)
    if (entry === null) throw new Error('no entry')
    expect((await blind.accountState(entry, new Date())).conditions).toEqual([])
    const query = { base: server.people, attributes: ['uid'], limit: 1 }
    const noPassword = await blind.stateFilter('no-password', new Date())
    expect((await blind.find({ ...query, filter: noPassword })).entries).toEqual([])
  })
})

describe('the acts', () => {
  it('write nothing where no policy would enforce them', async () => {
    const { somebody, read, outcome } = suite()
    const person = somebody()
    const lax = open({ defaultPolicy: undefined })
    const before = [...(await read(person)).attributes.keys()]
    expect(await lax.lock(person.dn, new Date())).toBe('not-enforced')
    expect(await lax.disable(person.dn, new Date())).toBe('not-enforced')
    expect(await lax.requireChange(person.dn, true)).toBe('not-enforced')
    expect(await lax.setValidity(person.dn, { until: fromNow(-DAY) })).toBe('not-enforced')
    const entry = await read(person)
    expect([...entry.attributes.keys()]).toEqual(before)
    expect(await lax.accountState(entry, new Date())).toMatchObject({ enforced: false, canSignIn: true })
    expect(await outcome(person)).toBe('accepted')
  })

  it('keep a disabled account so, whatever date an HR feed writes', async () => {
    const { somebody, directory, kinds, outcome } = suite()
    const person = somebody()
    await directory.disable(person.dn, new Date())
    await modify(person, 'replace: pwdEndTime\npwdEndTime: 20301231235959Z')
    expect(await kinds(person)).toEqual(['disabled'])
    expect(await outcome(person)).toBe('refused')
    const start = directory.setValidity(person.dn, { from: fromNow(-DAY) })
    await expect(start).rejects.toMatchObject({
      code: 'invalid-input',
      faults: [{ field: 'from', reason: 'account-disabled' }],
    })
  })

  it.each([
    ['until', '9999-12-31T23:59:59Z'],
    ['until', '2106-02-07T06:28:16Z'],
    ['until', '2100-03-01T00:00:00Z'],
    ['until', '1969-12-31T00:00:00Z'],
    ['from', '9999-12-31T23:59:59Z'],
    ['from', '2099-12-31T23:59:59Z'],
  ])('refuse a date that slapd would take for another one: %s %s', async (field, date) => {
    const { somebody, directory, kinds } = suite()
    const person = somebody()
    const act = directory.setValidity(person.dn, { [field]: new Date(date) })
    await expect(act).rejects.toMatchObject({
      code: 'invalid-input',
      faults: [{ field, reason: 'date-not-kept' }],
    })
    expect(await kinds(person)).toEqual([])
  })

  it('do not disable who has not started yet, since the day of the start would be lost', async () => {
    const { directory, somebody, kinds, outcome } = suite()
    const person = somebody()
    await directory.setValidity(person.dn, { from: fromNow(30 * DAY) })
    await expect(directory.disable(person.dn, new Date())).rejects.toMatchObject({
      faults: [{ reason: 'starts-later' }],
    })
    expect(await kinds(person)).toEqual(['not-started'])
    expect(await outcome(person)).toBe('refused')
    // A start that is over is worth nothing.
    await directory.setValidity(person.dn, { from: fromNow(-30 * DAY) })
    expect(await directory.disable(person.dn, new Date())).toBe('done')
    expect(await directory.enable(person.dn)).toBe('done')
  })

  it('keep a disable that comes while dates are set', async () => {
    const { directory, somebody, kinds } = suite()
    for (let round = 0; round < 20; round++) {
      const person = somebody()
      await directory.setValidity(person.dn, { from: fromNow(-DAY) })
      const [dated, disabled] = await Promise.allSettled([
        directory.setValidity(person.dn, { from: fromNow(-2 * DAY) }),
        directory.disable(person.dn, new Date()),
      ])
      expect(disabled).toMatchObject({ status: 'fulfilled', value: 'done' })
      // Either was first: dates are refused to who is disabled already.
      expect(['fulfilled', 'rejected']).toContain(dated.status)
      expect(await kinds(person)).toEqual(['disabled'])
    }
  })

  it('take the last date that slapd keeps', async () => {
    const { somebody, directory, state } = suite()
    const person = somebody()
    const until = new Date('2100-02-28T23:59:59Z')
    expect(await directory.setValidity(person.dn, { until })).toBe('done')
    expect(await state(person)).toMatchObject({ validUntil: until, canSignIn: true })
  })
})

/** A date that slapd's 32 bits take for so many days from now: one leap day that it counts in 2100 does not exist. */
function around(days: number): string {
  return formatGeneralizedTime(fromNow(2 ** 32 * 1000 + (days - 1) * DAY))
}

function day(offset: number): string {
  return `${fromNow(offset * DAY)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:T]/g, '')}Z`
}
