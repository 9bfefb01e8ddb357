import { describe, expect, it } from 'vitest'
import { generatePassword } from '../../../src/accounts/password/generate-password.ts'
import { DAY, accepted, type Suite } from './suite.ts'

/** Proving, resetting and changing passwords. */
export function describePasswords(current: () => Suite): void {
  describe('proving a password', () => {
    it('accepts the right one and refuses a wrong one', async () => {
      const { somebody, bind } = current()
      const person = somebody()
      expect(await bind(person)).toMatchObject({ outcome: 'accepted', mustChange: false })
      expect(await bind(person, 'wrong')).toEqual({ outcome: 'refused', reason: 'wrong' })
    })

    it('is never done with an empty one, though the server may allow that', async () => {
      const { directory, somebody } = current()
      const { dn } = somebody()
      const refused = { kind: 'empty-password' }
      await expect(directory.verifyPassword(dn, '')).rejects.toMatchObject(refused)
      await expect(directory.changePassword(dn, '', accepted('Taken-over-1'))).rejects.toMatchObject(refused)
    })

    it('takes neither blanks nor a NUL, where C ends a text, for no password', async () => {
      const { somebody, bind } = current()
      const person = somebody()
      for (const password of [' ', '\u00a0', '\0', `\0${person.password}`])
        expect(await bind(person, password)).toEqual({ outcome: 'refused', reason: 'wrong' })
    })

    it('accepts either Unicode form of what was set in one', async () => {
      const { somebody, reset, outcome } = current()
      const person = somebody()
      await reset(person, 'Été-comme-hiver-1'.normalize('NFC'))
      for (const form of ['NFC', 'NFD'] as const) {
        expect(await outcome(person, 'Été-comme-hiver-1'.normalize(form))).toBe('accepted')
      }
    })
  })

  describeReset(current)
  describeResetOfShut(current)
  describeChange(current)
}

function describeReset(current: () => Suite): void {
  describe('a reset', () => {
    it('takes the place of the old password', async () => {
      const { somebody, reset, outcome } = current()
      const person = somebody()
      expect(await reset(person, 'A-fresh-password-1')).toEqual({ outcome: 'written', putBack: [], lost: [] })
      expect(await outcome(person)).toBe('refused')
      expect(await outcome(person, 'A-fresh-password-1')).toBe('accepted')
    })

    it('may ask for another password, which its owner then sets', async () => {
      const { directory, somebody, reset, expectState, bind, kinds } = current()
      const person = somebody()
      await reset(person, 'A-temporary-one-1', true)
      await expectState(person, 'must-change')
      expect(await bind(person, 'A-temporary-one-1')).toMatchObject({ outcome: 'accepted', mustChange: true })
      const changed = await directory.changePassword(
        person.dn,
        'A-temporary-one-1',
        accepted('My-own-choice-1'),
      )
      expect(changed).toEqual({ outcome: 'written', putBack: [], lost: [] })
      expect(await kinds(person)).toEqual([])
      expect(await bind(person, 'My-own-choice-1')).toMatchObject({ outcome: 'accepted', mustChange: false })
    })

    it('does not ask for another one when it is not told to', async () => {
      const { somebody, server, reset, bind } = current()
      const person = somebody()
      await server.cause.mustChange(person)
      await reset(person, 'Nothing-to-change-1')
      expect(await bind(person, 'Nothing-to-change-1')).toMatchObject({ mustChange: false })
    })

    it('takes what we generate, and knows how long it must be', async () => {
      const { server, directory, somebody, read, reset, outcome } = current()
      const person = somebody()
      expect((await directory.passwordRules(await read(person))).length).toBe(server.minLength)
      for (let time = 0; time < 3; time++) {
        const password = generatePassword()
        expect(await reset(person, password)).toMatchObject({ outcome: 'written' })
        expect(await outcome(person, password)).toBe('accepted')
      }
    })

    it('is refused in the server’s own words', async () => {
      const { server, somebody, reset, outcome } = current()
      const person = somebody()
      expect(await reset(person, 'Ab-1')).toEqual({ outcome: 'refused', reason: server.says['too-short'] })
      expect(await outcome(person)).toBe('accepted')
    })
  })
}

function describeResetOfShut(current: () => Suite): void {
  describe('a reset of who is shut out', () => {
    it('does not enable a disabled account', async () => {
      const { directory, somebody, reset, expectState, outcome } = current()
      const person = somebody()
      await directory.disable(person.dn, new Date())
      expect(await reset(person, 'Not-through-here-1')).toMatchObject({ outcome: 'written' })
      await expectState(person, 'disabled')
      expect(await outcome(person, 'Not-through-here-1')).toBe('refused')
      await directory.enable(person.dn)
      expect(await outcome(person, 'Not-through-here-1')).toBe('accepted')
    })

    it('keeps an agent’s lock, where there is one', async () => {
      const { server, directory, somebody, reset, expectState, expectNotSupported, outcome } = current()
      const person = somebody()
      const act = directory.lock(person.dn, new Date())
      if (!server.can.lock) return expectNotSupported(person, act)
      expect(await act).toBe('done')
      expect(await reset(person, 'Still-locked-out-1')).toMatchObject({ outcome: 'written' })
      await expectState(person, 'locked', { by: 'agent' })
      expect(await outcome(person, 'Still-locked-out-1')).toBe('refused')
    })

    it('opens what wrong passwords locked, or leaves that to unlock', async () => {
      const { server, somebody, bind, reset, kinds, outcome } = current()
      const person = somebody()
      for (let tries = 0; tries < 10; tries++) await bind(person, 'wrong')
      await reset(person, 'Open-again-now-1')
      expect(await kinds(person)).toEqual(server.can.resetUnlocks ? [] : ['locked'])
      const expected = server.can.resetUnlocks ? 'accepted' : 'refused'
      expect(await outcome(person, 'Open-again-now-1')).toBe(expected)
    })
  })
}

function describeChange(current: () => Suite): void {
  describe('a change by its owner', () => {
    it('wants the old password', async () => {
      const { directory, somebody, outcome } = current()
      const { dn, ...person } = somebody()
      const wrong = await directory.changePassword(dn, 'wrong', accepted('My-new-one-1'))
      expect(wrong).toEqual({ outcome: 'refused', reason: 'old-password-wrong' })
      const right = await directory.changePassword(dn, person.password, accepted('My-new-one-1'))
      expect(right).toEqual({ outcome: 'written', putBack: [], lost: [] })
      expect(await outcome({ dn, ...person }, 'My-new-one-1')).toBe('accepted')
      expect(await outcome({ dn, ...person })).toBe('refused')
    })

    it('is refused when the new one is too short or was there before', async () => {
      const { server, directory, somebody } = current()
      const { dn, password } = somebody()
      const short = await directory.changePassword(dn, password, accepted('Ab-1'))
      expect(short).toEqual({ outcome: 'refused', reason: server.says['too-short'] })
      await directory.changePassword(dn, password, accepted('First-password-1'))
      await directory.changePassword(dn, 'First-password-1', accepted('Second-password-1'))
      const back = await directory.changePassword(dn, 'Second-password-1', accepted('First-password-1'))
      expect(back).toEqual({ outcome: 'refused', reason: server.says['in-history'] })
    })

    it('is refused when the present one is too young', async () => {
      const { server, directory, somebody, reset } = current()
      const person = somebody()
      await reset(person, 'Just-set-a-moment-ago-1')
      await server.cause.policy(person, { minAge: 3600 })
      const change = directory.changePassword(person.dn, 'Just-set-a-moment-ago-1', accepted('Another-one-1'))
      expect(await change).toEqual({ outcome: 'refused', reason: server.says['too-young'] })
    })

    it('is refused while the account is locked, and does not say whether the old one is right', async () => {
      const { directory, somebody, bind } = current()
      const person = somebody()
      for (let tries = 0; tries < 10; tries++) await bind(person, 'wrong')
      const right = await directory.changePassword(person.dn, person.password, accepted('Not-through-here-1'))
      const wrong = await directory.changePassword(person.dn, 'wrong', accepted('Not-through-here-1'))
      expect(right).toMatchObject({ outcome: 'refused' })
      expect(right).toEqual(wrong)
    })

    it('is possible after the password has expired, with the right old one only', async () => {
      const { server, directory, somebody, reset, outcome, eventually } = current()
      const person = somebody()
      await reset(person, 'Expires-soon-1')
      await server.cause.policy(person, { maxAge: 1 })
      await eventually(person, 'password-expired')
      const wrong = await directory.changePassword(person.dn, 'wrong', accepted('A-new-one-1'))
      expect(wrong).toEqual({ outcome: 'refused', reason: 'old-password-wrong' })
      const right = await directory.changePassword(person.dn, 'Expires-soon-1', accepted('A-new-one-1'))
      expect(right).toEqual({ outcome: 'written', putBack: [], lost: [] })
      await server.cause.policy(person, { maxAge: (90 * DAY) / 1000 })
      expect(await outcome(person, 'A-new-one-1')).toBe('accepted')
    })
  })
}
