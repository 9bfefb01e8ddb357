import { type Account, type BenchClient, clients } from './ldap-clients.ts'
import { PEOPLE, type Work, works } from './ldap-work.ts'

/** The process of one client: told by the parent what to run, it answers with what it took. */
export type Order = {
  readonly client: string
  readonly account: Account
  readonly base: string
  readonly work: string
}
export type Measured = {
  /** Operations, or entries, in a second. */
  readonly rate: number
  /** Microseconds of this process's CPU for each. */
  readonly cpu: number
  /** Largest resident size of this process so far, in MB. */
  readonly rss: number
}

let open: BenchClient | undefined
let turn = 0

process.on('message', (order: Order) => {
  run(order).then(
    (measured) => process.send?.(measured),
    (error: unknown) => {
      console.error(order.client, order.work, error)
      process.exit(1)
    },
  )
})

async function run({ client: name, account, base, work: workName }: Order): Promise<Measured> {
  const work = works.find((candidate) => candidate.name === workName)
  const start = clients[name]
  if (!work || !start) throw new TypeError(`no ${workName} by ${name}`)
  const client = (open ??= await start(account))
  if (work.entries === undefined) await repeat(work, client, account, base, Math.ceil(work.operations / 5)) // warm up
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await repeat(work, client, account, base, work.operations)
  const seconds = (performance.now() - before) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const count = work.operations * (work.entries ?? 1)
  return { rate: count / seconds, cpu: (user + system) / count, rss: process.resourceUsage().maxRSS / 1024 }
}

async function repeat(
  work: Work,
  client: BenchClient,
  account: Account,
  base: string,
  times: number,
): Promise<void> {
  let left = times
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      turn += 1
      const uid = `u${String(100 + ((turn * 7919) % (PEOPLE - 100))).padStart(6, '0')}`
      await work.run(client, { account, base, uid, dn: `uid=${uid},${base}`, turn })
    }
  }
  await Promise.all(Array.from({ length: work.inFlight }, lane))
}
