import { afterAll, beforeAll } from 'vitest'
import type { AccountState } from '../../src/directory/account-state.ts'
import { AcceptedPassword } from '../../src/directory/accepted-password.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { dn, toDn, type Dn } from '../../src/ldap/dn.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'

/** A `Directory` over a slapd of 1,500 people that lives as long as the test file. */
export function useOpenLdap() {
  let slapd: Slapd
  let directory: Directory
  beforeAll(async () => {
    slapd = await startSlapd({ seed: { people: 1500 } })
    directory = open()
  })
  afterAll(async () => {
    await directory.close()
    await slapd.stop()
  })
  const people = (): Dn => toDn(`ou=people,${slapd.suffix}`)
  const person = (uid: string): Dn => dn`uid=${uid},${people()}`
  const open = (changes: object = {}): Directory => {
    const [config] = testTenantConfig(slapd).directories
    if (config === undefined) throw new Error('no directory')
    return openDirectory({ ...config, ...changes }, 'openldap')
  }
  const state = async (uid: string): Promise<AccountState> => {
    const entry = await directory.read(person(uid), directory.stateAttributes)
    return directory.accountState(entry ?? neverEntry(), new Date())
  }
  return {
    slapd: () => slapd,
    directory: () => directory,
    open,
    people,
    person,
    state,
    kinds: async (uid: string) => (await state(uid)).conditions.map((one) => one.kind),
    modify: (uid: string, lines: string) =>
      ldapmodify(asRoot(slapd), `dn: ${person(uid)}\nchangetype: modify\n${lines}\n`),
    failFiveTimes: async (uid: string) => {
      for (let i = 0; i < 5; i++) await directory.verifyPassword(person(uid), 'wrong')
    },
  }
}

/** Logins of people who have no other part in a test. */
export const uidOf = (index: number): string => `u${String(index).padStart(6, '0')}`

export function accepted(text: string): AcceptedPassword {
  const password = AcceptedPassword.accept(text, [])
  if (password === null) throw new Error('not accepted')
  return password
}

export function neverEntry(): never {
  throw new Error('no entry')
}
