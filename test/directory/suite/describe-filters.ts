import { describe, expect, it } from 'vitest'
import { stateNames } from '../../../src/directory/account-state.ts'
import { normalizeDn } from '../../../src/ldap/dn.ts'
import { DAY, fromNow, kindsOf, type Suite } from './suite.ts'

/** Over all that the tests before left behind. */
export function describeFilters(current: () => Suite): void {
  describe.each(stateNames)('the filter of %s', (name) => {
    it.each([
      ['now', 0],
      ['in a hundred days', 100 * DAY],
    ])('selects everyone who is in the state %s', async (_when, offset) => {
      const { server, directory, selected } = current()
      const now = fromNow(offset)
      const everyone = directory.list({
        base: server.people,
        filter: directory.people,
        attributes: directory.stateAttributes,
      })
      const expected: string[] = []
      for await (const entry of everyone) {
        if (kindsOf(await directory.accountState(entry, now)).includes(name))
          expected.push(normalizeDn(entry.dn))
      }
      expect((await selected(name, now)).toSorted()).toEqual(expected.toSorted())
    })
  })
}
