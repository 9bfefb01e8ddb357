import { type ChildProcess, fork } from 'node:child_process'
import { startSlapd } from '../support/slapd.ts'
import type { Measured, Order } from './ldap-child.ts'
import { clients } from './ldap-clients.ts'
import { PEOPLE, type Work, works } from './ldap-work.ts'

const ROUNDS = 5
const names = Object.keys(clients)

/**
 * Our LDAP client beside ldapts and ldapjs, on a slapd with 100,000 people. Each client has a process of its own, the
 * bulk reads a fresh one each time; rounds go from client to client, so that the machine's moods hit all of them.
 */
export async function benchLdap(): Promise<void> {
  const slapd = await startSlapd({ seed: { people: PEOPLE } })
  const account = { url: slapd.url, dn: slapd.appDn, password: slapd.appPassword }
  const base = `ou=people,${slapd.suffix}`
  const children = new Map<string, ChildProcess>()
  const longLived = (name: string): ChildProcess => {
    const child = children.get(name) ?? startChild()
    children.set(name, child)
    return child
  }
  console.log(
    `${PEOPLE} people, medians of ${ROUNDS} rounds; µs are CPU of the client per operation or entry`,
  )
  console.log(row(['', ...names.flatMap((name) => [`${name} /s`, 'µs', 'MB']), 'rate', 'CPU of ldapts']))
  try {
    for (const work of works) {
      const measured = new Map<string, Measured[]>(names.map((name) => [name, []]))
      for (let round = 0; round < ROUNDS; round++)
        for (const [name, list] of measured) {
          const child = work.entries === undefined ? longLived(name) : startChild()
          list.push(await measure(child, { client: name, account, base, work: work.name }))
          if (work.entries !== undefined) child.kill()
        }
      report(work, measured)
    }
  } finally {
    for (const child of children.values()) child.kill()
    await slapd.stop()
  }
}

function startChild(): ChildProcess {
  return fork(new URL('ldap-child.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function measure(child: ChildProcess, order: Order): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`${order.client} failed at ${order.work}`))
    child.once('exit', onExit)
    child.once('message', (measured: Measured) => {
      child.off('exit', onExit)
      resolve(measured)
    })
    child.send(order)
  })
}

function report(work: Work, measured: ReadonlyMap<string, readonly Measured[]>): void {
  const of = (name: string, key: keyof Measured): number =>
    median((measured.get(name) ?? []).map((result) => result[key]))
  const cells = names.flatMap((name) => [
    of(name, 'rate').toFixed(0),
    of(name, 'cpu').toFixed(of(name, 'cpu') < 20 ? 1 : 0),
    work.entries === undefined ? '' : of(name, 'rss').toFixed(0),
  ])
  const share = (key: 'rate' | 'cpu'): string =>
    `${((100 * of('ours', key)) / of('ldapts', key)).toFixed(0)} %`
  console.log(row([work.name, ...cells, share('rate'), share('cpu')]))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(28) : cell.padStart(10))).join('')
}
