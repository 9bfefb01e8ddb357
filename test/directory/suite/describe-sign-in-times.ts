import { describe, expect, it } from 'vitest'
import { normalizeDn } from '../../../src/ldap/dn.ts'
import { until } from '../../support/poll.ts'
import type { TestPerson } from '../directory-server.ts'
import { DAY, fromNow, kindsOf, type Suite } from './suite.ts'

/** Sign-ins as the server records them; where it does not, nothing is said of anybody. */
export function describeSignInTimes(current: () => Suite): void {
  describe('the last sign-in', () => {
    it('is known after a sign-in', async () => {
      const { server, somebody, state } = current()
      const person = somebody()
      await signIn(current(), person)
      const { lastSignInAt } = await state(person)
      const isNow = Math.abs(Date.now() - (lastSignInAt?.getTime() ?? 0)) < 60_000
      expect(isNow).toBe(server.can.lastSignIn)
    })

    it('was never, until there is one', async () => {
      const { server, somebody, state, expectState, expectNobody, selected } = current()
      const person = somebody()
      if (!server.can.lastSignIn) return expectNobody('never-signed-in')
      await expectState(person, 'never-signed-in', { since: expect.any(Date) })
      await signIn(current(), person)
      expect(kindsOf(await state(person))).toEqual([])
      expect(await selected('never-signed-in')).not.toContain(normalizeDn(person.dn))
    })

    it('was so long ago that the account counts as unused', async () => {
      const { server, directory, somebody, state, expectState, expectNobody, selected } = current()
      const person = somebody()
      await signIn(current(), person)
      const later = fromNow((directory.settings.dormantAfter + 1) * DAY)
      if (!server.can.lastSignIn) return expectNobody('dormant')
      await expectState(person, 'dormant', { since: (await state(person)).lastSignInAt }, later)
      expect(await selected('dormant')).not.toContain(normalizeDn(person.dn))
    })
  })
}

/** 389-DS answers before it has recorded the sign-in. */
async function signIn({ server, outcome, state }: Suite, person: TestPerson): Promise<void> {
  expect(await outcome(person)).toBe('accepted')
  if (server.can.lastSignIn) await until(async () => (await state(person)).lastSignInAt, { within: 2_000 })
}
