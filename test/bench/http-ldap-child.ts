import { connect } from '../../src/ldap/connection.ts'
import { filter } from '../../src/ldap/filter.ts'
import { narrowSearches } from './http-people.ts'

/** What the parent asks: the searches of the people page, by our LDAP client alone. */
export type LdapOrder = {
  readonly url: string
  readonly dn: string
  readonly password: string
  readonly base: string
  readonly people: number
  readonly inFlight: number
  readonly seconds: number
}
/** Searches in a second of the clock, and in a second of this process's CPU. */
export type LdapMeasured = { readonly rate: number; readonly perCpu: number }

const attributes =
  'entryUUID uid displayName cn givenName sn mail telephoneNumber mobile title departmentNumber ou l manager'.split(
    ' ',
  )

process.once('message', (order: LdapOrder) => {
  run(order).then(
    (measured) => process.send?.(measured, () => process.disconnect()),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run({ url, dn, password, base, people, inFlight, seconds }: LdapOrder): Promise<LdapMeasured> {
  const ldap = await connect({ url, bind: { dn, password } })
  const searches = narrowSearches(people).map(({ text, logins }) => {
    const [givenName = '', ...sn] = text.split(' ')
    return { condition: filter`(&(givenName=${givenName})(sn=${sn.join(' ')}))`, hits: logins.length }
  })
  let turn = 0
  const loop = async (end: number): Promise<void> => {
    while (performance.now() < end) {
      const search = searches[turn++ % searches.length]
      if (search === undefined) throw new Error('no searches')
      const { entries } = await ldap.searchAll({ base, filter: search.condition, attributes })
      if (entries.length !== search.hits) throw new Error(`${entries.length} hits of ${search.hits}`)
    }
  }
  const runFor = async (milliseconds: number): Promise<unknown> =>
    await Promise.all(Array.from({ length: inFlight }, () => loop(performance.now() + milliseconds)))
  await runFor(1_000)
  turn = 0
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await runFor(seconds * 1000)
  const elapsed = (performance.now() - before) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  ldap.unbind()
  return { rate: turn / elapsed, perCpu: (turn * 1_000_000) / (user + system) }
}
