import { LdapError } from '../../ldap/result.ts'

/** What slapd answers when the value to be taken is not there any more, or another one is: noSuchAttribute, constraintViolation, attributeOrValueExists. */
const LOST: ReadonlySet<number> = new Set([16, 19, 20])
const TRIES = 4

/** Reads, judges and writes, and does all that again when somebody else was faster. */
export async function withoutRace<T>(act: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await act()
    } catch (error) {
      if (left === 0 || !(error instanceof LdapError) || !LOST.has(error.code)) throw error
    }
  }
}
