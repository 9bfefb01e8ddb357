import { expect } from 'vitest'
import type { AccountState, Condition, StateName } from '../../../src/directory/account-state.ts'
import { AcceptedPassword } from '../../../src/directory/accepted-password.ts'
import type { ActOutcome, Directory, PasswordCheck } from '../../../src/directory/directory.ts'
import { openDirectory } from '../../../src/directory/open-directory.ts'
import { normalizeDn } from '../../../src/ldap/dn.ts'
import type { Entry } from '../../../src/ldap/entry.ts'
import { filter } from '../../../src/ldap/filter.ts'
import { until } from '../../support/poll.ts'
import type { DirectoryServer, TestPerson } from '../directory-server.ts'

export const DAY = 86_400_000

/** What the tests of the suite share: the server, the port over it, and people of whom each test takes its own. */
export type Suite = {
  readonly server: DirectoryServer
  readonly directory: Directory
  somebody(): TestPerson
  read(person: TestPerson): Promise<Entry>
  state(person: TestPerson, now?: Date): Promise<AccountState>
  /** What is true of the person, but that no sign-in is recorded: most people of the suite never sign in. */
  kinds(person: TestPerson): Promise<StateName[]>
  /** DNs (as keys) of those whom the server selects and their own state confirms. */
  selected(state: StateName, now?: Date): Promise<string[]>
  /** Expects that the person is in that state and on the list of it. */
  expectState(person: TestPerson, state: StateName, details?: object, now?: Date): Promise<void>
  /** What the suite wants where the product knows no such state (of that kind), or no such act. */
  expectNobody(state: StateName, kind?: Partial<Condition>): Promise<void>
  expectNotSupported(person: TestPerson, act: Promise<ActOutcome>): Promise<void>
  bind(person: TestPerson, password?: string): Promise<PasswordCheck>
  outcome(person: TestPerson, password?: string): Promise<PasswordCheck['outcome']>
  reset(person: TestPerson, password: string, mustChange?: boolean): ReturnType<Directory['setPassword']>
  /** Waits for what only time brings. */
  eventually(person: TestPerson, kind: StateName): Promise<void>
}

export function suiteOver(server: DirectoryServer): Suite {
  const directory = openDirectory(server.config, server.kind)
  let taken = 0
  const read = async ({ dn }: TestPerson) => {
    const entry = await directory.read(dn, directory.stateAttributes)
    if (entry === null) throw new Error(`no entry ${dn}`)
    return entry
  }
  const state = async (person: TestPerson, now = new Date()) =>
    directory.accountState(await read(person), now)
  const bind = ({ dn, password: usual }: TestPerson, password = usual) =>
    directory.verifyPassword(dn, password)
  const listed = (name: StateName, now = new Date()) => confirmed(server, directory, name, now)
  const selected = async (name: StateName, now?: Date) => (await listed(name, now)).map(({ dn }) => dn)
  return {
    server,
    directory,
    somebody: () => server.person(++taken),
    read,
    state,
    kinds: async (person) => kindsOf(await state(person)).filter((kind) => kind !== 'never-signed-in'),
    selected,
    async expectState(person, name, details = {}, now = new Date()) {
      const condition = (await state(person, now)).conditions.find(({ kind }) => kind === name)
      expect(condition).toMatchObject({ kind: name, ...details })
      expect(await selected(name, now)).toContain(normalizeDn(person.dn))
    },
    async expectNobody(name, kind = {}) {
      const found = (await listed(name)).map(({ condition }) => condition)
      expect(found).not.toContainEqual(expect.objectContaining({ kind: name, ...kind }))
    },
    async expectNotSupported(person, act) {
      expect(await act).toBe('not-supported')
      expect((await bind(person)).outcome).toBe('accepted')
    },
    bind,
    outcome: async (person, password) => (await bind(person, password)).outcome,
    reset: ({ dn }, password, mustChange = false) =>
      directory.setPassword(dn, accepted(password), { mustChange }),
    async eventually(person, kind) {
      await until(async () => kindsOf(await state(person)).includes(kind), { within: 6_000, every: 50 })
    },
  }
}

async function confirmed(
  { people }: DirectoryServer,
  directory: Directory,
  name: StateName,
  now: Date,
): Promise<{ dn: string; condition: Condition }[]> {
  const found = directory.list({
    base: people,
    filter: filter`(&${directory.people}${await directory.stateFilter(name, now)})`,
    attributes: directory.stateAttributes,
  })
  const listed: { dn: string; condition: Condition }[] = []
  for await (const entry of found) {
    const { conditions } = await directory.accountState(entry, now)
    const condition = conditions.find(({ kind }) => kind === name)
    if (condition !== undefined) listed.push({ dn: normalizeDn(entry.dn), condition })
  }
  return listed
}

export function kindsOf({ conditions }: { conditions: readonly Condition[] }): StateName[] {
  return conditions.map(({ kind }) => kind)
}

export function accepted(text: string): AcceptedPassword {
  const password = AcceptedPassword.accept(text, [])
  if (password === null) throw new Error('not accepted')
  return password
}

export function fromNow(milliseconds: number): Date {
  return new Date(Math.floor((Date.now() + milliseconds) / 1000) * 1000)
}
