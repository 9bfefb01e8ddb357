import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectKind } from '../../src/directory/detect-kind.ts'
import type { DirectoryServer } from './directory-server.ts'
import { describeActs } from './suite/describe-acts.ts'
import { describeFilters } from './suite/describe-filters.ts'
import { describePasswords } from './suite/describe-passwords.ts'
import { describeStates } from './suite/describe-states.ts'
import { describeSignInTimes } from './suite/describe-sign-in-times.ts'
import { suiteOver, type Suite } from './suite/suite.ts'

/** The one behaviour of a directory, whatever the product: run against every server that we support. */
export function describeDirectory(name: string, start: () => Promise<DirectoryServer>): void {
  describe(`on ${name}`, () => {
    let suite: Suite | undefined
    const current = (): Suite => {
      if (suite === undefined) throw new Error('the server did not start')
      return suite
    }
    beforeAll(async () => {
      suite = suiteOver(await start())
      // A server that records sign-ins is known by one that is recorded.
      await suite.bind(suite.somebody())
    }, 120_000)
    afterAll(async () => {
      await suite?.directory.close()
      await suite?.server.stop()
    })

    it('is known for what it is', async () => {
      const { server } = current()
      expect(server.config.kind).toBeUndefined()
      expect(await detectKind(server.config)).toBe(server.kind)
    })
    describeStates(current)
    describeSignInTimes(current)
    describeActs(current)
    describePasswords(current)
    describeFilters(current)
  })
}
