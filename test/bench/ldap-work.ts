import type { Account, BenchClient } from './ldap-clients.ts'

/** One row of the table: `operations` of `run`, `inFlight` at once. */
export type Work = {
  readonly name: string
  readonly operations: number
  readonly inFlight: number
  /** Entries that each operation brings, when they and not the operations are counted. */
  readonly entries?: number
  run(client: BenchClient, target: Target): Promise<unknown>
}

/** Where an operation aims: one of the people, another one each time. */
export type Target = {
  readonly account: Account
  readonly base: string
  readonly uid: string
  readonly dn: string
  readonly turn: number
}

export const PEOPLE = 100_000

const read: Work['run'] = (client, { dn }) => client.read(dn)
const find: Work['run'] = (client, { base, uid }) => client.findUid(base, uid)
const modify: Work['run'] = (client, { dn, turn }) => client.modify(dn, `Title ${turn}`)
const stream =
  (pageSize?: number): Work['run'] =>
  async (client, { base }) => {
    const found = await client.streamAll(base, pageSize)
    if (found < PEOPLE) throw new Error(`${found} entries of ${PEOPLE}`)
  }

export const works: readonly Work[] = [
  { name: 'base search, one by one', operations: 3_000, inFlight: 1, run: read },
  { name: 'base search, 32 in flight', operations: 12_000, inFlight: 32, run: read },
  { name: '(uid=x), one by one', operations: 3_000, inFlight: 1, run: find },
  { name: '(uid=x), 32 in flight', operations: 12_000, inFlight: 32, run: find },
  { name: 'modify, one by one', operations: 2_500, inFlight: 1, run: modify },
  { name: 'modify, 16 in flight', operations: 5_000, inFlight: 16, run: modify },
  {
    name: 'bind, same connection',
    operations: 3_000,
    inFlight: 1,
    run: (client, { account }) => client.bind(account.dn, account.password),
  },
  { name: '100k entries, pages of 500', operations: 1, inFlight: 1, entries: PEOPLE, run: stream(500) },
  { name: '100k entries, one search', operations: 1, inFlight: 1, entries: PEOPLE, run: stream() },
]
