import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readMemory } from './cpu.ts'
import { measureArrivals } from './http-arrivals.ts'
import type { LdapMeasured, LdapOrder } from './http-ldap-child.ts'
import { type Act, measure, percentile, type Measured } from './http-load.ts'
import { operations, type Operation } from './http-operations.ts'
import { startSite, type Site } from './http-site.ts'
import { createVisitor } from './http-visitor.ts'
import { WrongAnswer } from './wrong-answer.ts'

const PEOPLE = 10_000
const CONNECTIONS = 16
const IDLE_TARGET = 130

const others = ['ldap', 'arrivals'] as const

/**
 * `npm run bench -- http [OPERATION...] [--seconds N] [--profile DIR]`: `idaas serve` over slapd with 10,000
 * people, PostgreSQL and Redis, driven by 16 connections that stay open. Every answer is checked; a wrong one
 * ends the bench. All share this machine's cores, so that operations in a second of CPU of the serving
 * process are the figure to compare; `foreign` says how many cores other programs used meanwhile.
 */
export async function benchHttp(args: string[]): Promise<void> {
  const options = { seconds: { type: 'string', default: '5' }, profile: { type: 'string' } } as const
  const { values, positionals: named } = parseArgs({ args, options, allowPositionals: true })
  const known: string[] = [...operations.map(({ name }) => name), ...others]
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`no operation ${unknown.join(', ')}: there is ${known.join(', ')}`)
  const isWanted = (name: string): boolean => named.length === 0 || named.includes(name)
  const seconds = Number(values.seconds)
  const wanted = operations.filter(({ name }) => isWanted(name))
  if (wanted.length > 0 || isWanted('ldap')) {
    const site = await startSite({ seed: { people: PEOPLE, photos: 0.05 }, profile: values.profile })
    try {
      if (named.length === 0) await reportIdle(site)
      await reportOperations(site, wanted, seconds)
      if (isWanted('ldap')) await reportLdap(site, seconds)
    } finally {
      await site.stop()
    }
  }
  if (isWanted('arrivals')) await measureArrivals(seconds * 2)
}

async function reportIdle({ servePid }: Site): Promise<void> {
  await pause(10_000)
  const { rss, pss } = readMemory(servePid)
  console.log(
    `idle, everyone in memory: RSS ${rss.toFixed(0)} MiB, PSS ${pss.toFixed(0)} MiB; wanted <= ${IDLE_TARGET}: ${rss <= IDLE_TARGET ? 'reached' : 'missed'}\n`,
  )
}

async function reportOperations(site: Site, wanted: readonly Operation[], seconds: number): Promise<void> {
  const headings = ['/s', 'p50 ms', 'p99 ms', 'slapd', 'foreign', 'per CPU s', 'wanted', '']
  if (wanted.length > 0) console.log(row(`${CONNECTIONS} connections`, headings))
  const peak = { rss: 0, pss: 0 }
  for (const operation of wanted) {
    const measured = await measureOperation(site, operation, seconds)
    if (measured === null) {
      console.log(row(operation.title, ['', '', '', '', '', 'not there', format(operation.target), 'missed']))
      continue
    }
    peak.rss = Math.max(peak.rss, measured.memory.rss)
    peak.pss = Math.max(peak.pss, measured.memory.pss)
    console.log(row(operation.title, cellsOf(measured, operation.target)))
  }
  if (wanted.length > 0)
    console.log(`largest under this load: RSS ${peak.rss.toFixed(0)} MiB, PSS ${peak.pss.toFixed(0)} MiB\n`)
}

/** Null when the page is not there (yet). */
async function measureOperation(site: Site, operation: Operation, seconds: number): Promise<Measured | null> {
  const visitors = Array.from({ length: CONNECTIONS }, () => createVisitor(site.origin))
  let turn = 0
  const nextTurn = (): number => turn++
  try {
    const acts: Act[] = []
    // One after the other: many sign-ins of one account at once are taken for guesses.
    for (const [lane, visitor] of visitors.entries()) acts.push(await operation.prepare(visitor, lane, site))
    await measure(site, acts, Math.min(2, seconds), nextTurn)
    return await measure(site, acts, seconds, nextTurn)
  } catch (error) {
    if (error instanceof WrongAnswer && error.status === 404) return null
    throw error
  } finally {
    for (const visitor of visitors) visitor.close()
  }
}

function cellsOf({ rate, perCpu, times, slapd, foreign }: Measured, target: number | undefined): string[] {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1))
  const verdict = target === undefined ? '' : perCpu >= target ? 'reached' : 'missed'
  return [
    rate.toFixed(0),
    p50 ?? '',
    p99 ?? '',
    slapd.toFixed(2),
    foreign.toFixed(2),
    perCpu.toFixed(0),
    format(target),
    verdict,
  ]
}

async function reportLdap({ slapd, people }: Site, seconds: number): Promise<void> {
  const child = fork(new URL('http-ldap-child.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const order: LdapOrder = {
    url: slapd.url,
    dn: slapd.appDn,
    password: slapd.appPassword,
    base: `ou=people,${slapd.suffix}`,
    people,
    inFlight: CONNECTIONS,
    seconds,
  }
  child.send(order)
  const measured = await new Promise<LdapMeasured>((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', () => reject(new Error('the LDAP client failed')))
  })
  if (child.exitCode === null) await once(child, 'exit')
  const { rate, perCpu } = measured
  console.log(
    row('10 hits, our LDAP client alone', [rate.toFixed(0), '', '', '', '', perCpu.toFixed(0), '', '']),
  )
}

function format(target: number | undefined): string {
  return target === undefined ? '' : String(target)
}

function row(title: string, cells: readonly string[]): string {
  return title.padEnd(42) + cells.map((cell) => cell.padStart(10)).join('')
}
