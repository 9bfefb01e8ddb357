import { describe, expect, it } from 'vitest'
import { DAY, fromNow, type Suite } from './suite.ts'

/** Each state is caused by the server's own means, read by us, found on its list, and confirmed by a bind. */
export function describeStates(current: () => Suite): void {
  describe('the state', () => {
    it('of a usable account has nothing in it', async () => {
      const { somebody, state, outcome } = current()
      const person = somebody()
      expect(await outcome(person)).toBe('accepted')
      expect(await state(person)).toMatchObject({ canSignIn: true, enforced: true, conditions: [] })
    })

    it('is locked by the policy after ten wrong passwords', async () => {
      const { somebody, bind, expectState, state, outcome } = current()
      const person = somebody()
      for (let tries = 0; tries < 10; tries++) await bind(person, 'wrong')
      await expectState(person, 'locked', { by: 'policy', until: expect.any(Date) })
      expect(await state(person)).toMatchObject({ canSignIn: false })
      expect(await outcome(person)).toBe('refused')
    })

    it('is locked by an agent, until one unlocks it', async () => {
      const { server, somebody, expectState, state, outcome, expectNobody } = current()
      const person = somebody()
      if (!server.can.lock) return expectNobody('locked', { by: 'agent' })
      await server.cause.locked(person)
      await expectState(person, 'locked', { by: 'agent' })
      expect(await state(person)).toMatchObject({ canSignIn: false })
      expect(await outcome(person)).toBe('refused')
    })

    it('is disabled', async () => {
      const { server, somebody, expectState, state, outcome } = current()
      const person = somebody()
      await server.cause.disabled(person)
      await expectState(person, 'disabled')
      expect(await state(person)).toMatchObject({ canSignIn: false })
      expect(await outcome(person)).toBe('refused')
    })

    it('must change, and the sign-in says so', async () => {
      const { server, somebody, expectState, bind } = current()
      const person = somebody()
      await server.cause.mustChange(person)
      await expectState(person, 'must-change')
      expect(await bind(person)).toMatchObject({ outcome: 'accepted', mustChange: true })
    })
  })

  describeDates(current)
  describePasswordAge(current)
  describeElsewhere(current)
}

function describeDates(current: () => Suite): void {
  describe('the state by dates', () => {
    it('is not valid yet before a start', async () => {
      const { server, somebody, expectState, state, outcome, expectNobody } = current()
      const person = somebody()
      if (!server.can.validFrom) return expectNobody('not-started')
      const from = fromNow(DAY)
      await server.cause.dates(person, { from })
      await expectState(person, 'not-started', { from })
      expect(await state(person)).toMatchObject({ canSignIn: false, validFrom: from })
      expect(await outcome(person)).toBe('refused')
    })

    it('has ended at a date that has passed', async () => {
      const { server, somebody, expectState, state, outcome, expectNobody } = current()
      const person = somebody()
      if (!server.can.validUntil) return expectNobody('ended')
      const until = fromNow(-DAY)
      await server.cause.dates(person, { until })
      await expectState(person, 'ended', { since: until })
      expect(await state(person)).toMatchObject({ canSignIn: false, validUntil: until })
      expect(await outcome(person)).toBe('refused')
    })

    it('is about to end before a date that is near, and not before one that is far', async () => {
      const { server, somebody, expectState, state, outcome, kinds, expectNobody } = current()
      const [near, far] = [somebody(), somebody()]
      if (!server.can.validUntil) return expectNobody('ending')
      const until = fromNow(3 * DAY)
      await server.cause.dates(near, { until })
      await server.cause.dates(far, { until: fromNow(300 * DAY) })
      await expectState(near, 'ending', { at: until })
      expect(await state(near)).toMatchObject({ canSignIn: true, validUntil: until })
      expect(await outcome(near)).toBe('accepted')
      expect(await kinds(far)).toEqual([])
    })
  })
}

function describePasswordAge(current: () => Suite): void {
  describe('the state by the password’s age', () => {
    it('is expired, which the server tells to the right password only', async () => {
      const { server, somebody, reset, expectState, state, outcome, eventually } = current()
      const person = somebody()
      await reset(person, 'Expires-soon-1')
      await server.cause.policy(person, { maxAge: 1 })
      await eventually(person, 'password-expired')
      await expectState(person, 'password-expired', { since: expect.any(Date), graceLeft: 0 })
      expect(await state(person)).toMatchObject({ canSignIn: false, policy: { source: 'entry' } })
      expect(await outcome(person, 'Expires-soon-1')).toBe('expired')
      expect(await outcome(person, 'wrong')).toBe('refused')
    })

    it('is expired with sign-ins left, where there are such', async () => {
      const { server, somebody, reset, expectState, state, bind, outcome, eventually } = current()
      const person = somebody()
      await reset(person, 'Expires-soon-1')
      await server.cause.policy(person, { maxAge: 1, grace: 2 })
      await eventually(person, 'password-expired')
      if (!server.can.grace) return expectState(person, 'password-expired', { graceLeft: 0 })
      await expectState(person, 'password-expired', { graceLeft: 2 })
      expect(await state(person)).toMatchObject({ canSignIn: true })
      expect(await bind(person, 'Expires-soon-1')).toMatchObject({ outcome: 'accepted', graceLeft: 1 })
      await expectState(person, 'password-expired', { graceLeft: 1 })
      await bind(person, 'Expires-soon-1')
      expect(await state(person)).toMatchObject({ canSignIn: false })
      expect(await outcome(person, 'Expires-soon-1')).toBe('expired')
    })

    it('is not hidden from a service account that has its rights, nor is a lock', async () => {
      const { directory, somebody } = current()
      expect(await directory.hiddenStates(somebody().dn)).toEqual([])
    })

    it('is about to expire', async () => {
      const { server, somebody, reset, expectState, state, outcome } = current()
      const person = somebody()
      await reset(person, 'A-week-is-left-1')
      await server.cause.policy(person, { maxAge: (7 * DAY) / 1000 })
      const { passwordChangedAt, passwordExpiresAt } = await state(person)
      expect(Math.abs(Date.now() - (passwordChangedAt?.getTime() ?? 0))).toBeLessThan(60_000)
      expect(passwordExpiresAt?.getTime()).toBe((passwordChangedAt?.getTime() ?? 0) + 7 * DAY)
      await expectState(person, 'password-expiring', { at: passwordExpiresAt })
      expect(await outcome(person, 'A-week-is-left-1')).toBe('accepted')
    })

    it('is shut out for not having been there, where the server does that', async () => {
      const { server, somebody, expectState, outcome, eventually, expectNobody } = current()
      const person = somebody()
      if (!server.can.idle) return expectNobody('idle')
      expect(await outcome(person)).toBe('accepted')
      await server.cause.policy(person, { maxIdle: 1 })
      await eventually(person, 'idle')
      await expectState(person, 'idle', { since: expect.any(Date) })
      expect(await outcome(person)).toBe('refused')
    })
  })
}

function describeElsewhere(current: () => Suite): void {
  describe('what another tool did', () => {
    it.each(['hash-prefix', 'resource-state', 'shadow-expire'] as const)('closes by %s', async (how) => {
      const { server, somebody, expectState, state, reset, expectNobody } = current()
      const person = somebody()
      if (!server.can.closings.includes(how)) return expectNobody('closed-elsewhere', { how })
      await server.cause.closed(person, how)
      await expectState(person, 'closed-elsewhere', { how })
      expect(await state(person)).toMatchObject({ canSignIn: false })
      const refused = { outcome: 'refused', reason: 'closed-elsewhere' }
      expect(await reset(person, 'Not-reopened-by-us-1')).toEqual(refused)
      await expectState(person, 'closed-elsewhere', { how })
    })

    it('leaves the password in another system, where no reset of ours touches it', async () => {
      const { server, somebody, expectState, reset, expectNobody } = current()
      const person = somebody()
      if (!server.can.passwordElsewhere) return expectNobody('password-elsewhere')
      await server.cause.passwordElsewhere(person, 'hugo@AD.EXAMPLE')
      await expectState(person, 'password-elsewhere', { identity: 'hugo@AD.EXAMPLE' })
      const refused = { outcome: 'refused', reason: 'password-elsewhere' }
      expect(await reset(person, 'Not-replaced-by-us-1')).toEqual(refused)
      await expectState(person, 'password-elsewhere', { identity: 'hugo@AD.EXAMPLE' })
    })

    it('leaves no password at all, where that can be seen', async () => {
      const { server, somebody, expectState, state, outcome, expectNobody } = current()
      const person = somebody()
      if (!server.can.noPassword) return expectNobody('no-password')
      await server.cause.noPassword(person)
      await expectState(person, 'no-password')
      expect(await state(person)).toMatchObject({ canSignIn: false })
      expect(await outcome(person)).toBe('refused')
    })
  })
}
