import { describe, expect, it } from 'vitest'
import { DAY, fromNow, type Suite } from './suite.ts'

/** Each act does what it says once, says when it is so already, and is confirmed by a bind. */
export function describeActs(current: () => Suite): void {
  describe('the act', () => {
    it('unlock opens what wrong passwords locked, and forgets them', async () => {
      const { directory, somebody, bind, kinds, state, outcome } = current()
      const person = somebody()
      for (let tries = 0; tries < 10; tries++) await bind(person, 'wrong')
      expect(await directory.unlock(person.dn)).toBe('done')
      expect(await directory.unlock(person.dn)).toBe('already-so')
      expect((await state(person)).failures).toEqual([])
      await bind(person, 'wrong')
      expect(await kinds(person)).toEqual([])
      expect(await outcome(person)).toBe('accepted')
    })

    it('lock shuts out until unlocked, or is not known here', async () => {
      const { server, directory, somebody, expectState, expectNotSupported, outcome } = current()
      const person = somebody()
      if (!server.can.lock) return expectNotSupported(person, directory.lock(person.dn, new Date()))
      expect(await directory.lock(person.dn, new Date())).toBe('done')
      expect(await directory.lock(person.dn, new Date())).toBe('already-so')
      await expectState(person, 'locked', { by: 'agent' })
      expect(await outcome(person)).toBe('refused')
      expect(await directory.unlock(person.dn)).toBe('done')
      expect(await outcome(person)).toBe('accepted')
    })

    it('disable shuts out until enabled', async () => {
      const { directory, somebody, expectState, kinds, outcome } = current()
      const person = somebody()
      expect(await directory.disable(person.dn, new Date())).toBe('done')
      expect(await directory.disable(person.dn, new Date())).toBe('already-so')
      await expectState(person, 'disabled')
      expect(await outcome(person)).toBe('refused')
      expect(await directory.enable(person.dn)).toBe('done')
      expect(await directory.enable(person.dn)).toBe('already-so')
      expect(await kinds(person)).toEqual([])
      expect(await outcome(person)).toBe('accepted')
    })

    it('require change asks for another password at the next sign-in, until it is taken back', async () => {
      const { directory, somebody, expectState, bind, kinds } = current()
      const person = somebody()
      expect(await directory.requireChange(person.dn, false)).toBe('already-so')
      expect(await directory.requireChange(person.dn, true)).toBe('done')
      expect(await directory.requireChange(person.dn, true)).toBe('already-so')
      await expectState(person, 'must-change')
      expect(await bind(person)).toMatchObject({ outcome: 'accepted', mustChange: true })
      expect(await directory.requireChange(person.dn, false)).toBe('done')
      expect(await kinds(person)).toEqual([])
      expect(await bind(person)).toMatchObject({ outcome: 'accepted', mustChange: false })
    })
  })

  describeValidity(current)
}

function describeValidity(current: () => Suite): void {
  describe('the act set validity', () => {
    it('sets an end, moves it and takes it away', async () => {
      const { server, directory, somebody, expectState, expectNotSupported, kinds, outcome } = current()
      const person = somebody()
      const none = directory.setValidity(person.dn, { until: null })
      if (!server.can.validUntil) return expectNotSupported(person, none)
      expect(await none).toBe('already-so')
      const yesterday = fromNow(-DAY)
      expect(await directory.setValidity(person.dn, { until: yesterday })).toBe('done')
      expect(await directory.setValidity(person.dn, { until: yesterday })).toBe('already-so')
      await expectState(person, 'ended')
      expect(await outcome(person)).toBe('refused')
      expect(await directory.setValidity(person.dn, { until: fromNow(2 * DAY) })).toBe('done')
      expect(await kinds(person)).toEqual(['ending'])
      expect(await outcome(person)).toBe('accepted')
      expect(await directory.setValidity(person.dn, { until: null })).toBe('done')
      expect(await kinds(person)).toEqual([])
    })

    it('sets a start and takes it away, or knows none here', async () => {
      const { server, directory, somebody, expectState, expectNotSupported, outcome } = current()
      const person = somebody()
      const from = fromNow(DAY)
      if (!server.can.validFrom) return expectNotSupported(person, directory.setValidity(person.dn, { from }))
      expect(await directory.setValidity(person.dn, { from })).toBe('done')
      expect(await directory.setValidity(person.dn, { from })).toBe('already-so')
      await expectState(person, 'not-started', { from })
      expect(await outcome(person)).toBe('refused')
      expect(await directory.setValidity(person.dn, { from: null, until: fromNow(400 * DAY) })).toBe('done')
      expect(await outcome(person)).toBe('accepted')
    })

    it('does not enable a disabled account', async () => {
      const { directory, somebody, kinds, outcome } = current()
      const person = somebody()
      await directory.disable(person.dn, new Date())
      await directory.setValidity(person.dn, { from: null, until: fromNow(100 * DAY) })
      expect(await kinds(person)).toEqual(['disabled'])
      expect(await outcome(person)).toBe('refused')
    })
  })
}
