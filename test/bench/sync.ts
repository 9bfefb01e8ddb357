import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { loadavg } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createPool } from '../../src/ldap/pool.ts'
import { median } from '../support/median.ts'
import { findProgram } from '../support/programs.ts'
import type { Slapd } from '../support/slapd.ts'
import type { ChildResult } from './sync-child.ts'
import { peopleBase, peopleFilter, type PersonEntry } from './sync-people.ts'
import { type SyncSite, startSyncSite } from './sync-site.ts'

const SIZES = [20_000, 100_000]
const ROUNDS = 3
/** Connections, operations in flight on each: what is fastest depends on how many cores the server has. */
const POOLS = [
  [1, 16],
  [4, 16],
] as const

/**
 * A run with nothing to change beside `ldapsearch` of both sides, one after the other; a run that creates everything beside our LDAP client adding the same
 * entries as fast as it can; what memory that takes. What is compared takes turns, so that others on the machine slow down both. `--million`: also what a million
 * entries take. Numbers instead of names: other sizes.
 */
export async function benchSync(options: string[]): Promise<void> {
  const sizes = options.map(Number).filter((size) => size > 0)
  for (const size of sizes.length > 0 ? sizes : SIZES) await measure(size)
  if (options.includes('--million')) await measureMemory(1_000_000)
  else if (sizes.length === 0) await measureMemory(200_000)
}

async function measure(size: number): Promise<void> {
  console.log(`\n${size} people, seven attributes, slapd without overlays; load ${loadavg()[0]?.toFixed(1)}`)
  const site = await startSyncSite(size)
  try {
    // Filling a directory takes minutes where it is large.
    await measureCreates(site, size > 20_000 ? 1 : ROUNDS)
    await onEmpty(site, async (slapd) => {
      const config = await site.configFor(slapd)
      await addAll(slapd, site.people, 1, 16)
      await measureNoChange(site, slapd, config)
    })
  } finally {
    await site.stop()
  }
}

async function measureCreates(site: SyncSite, rounds: number): Promise<void> {
  const shares: number[] = []
  const taken = new Map<string, number[]>()
  const note = (name: string, milliseconds: number): number => {
    taken.set(name, [...(taken.get(name) ?? []), milliseconds])
    return milliseconds
  }
  for (let round = 0; round < rounds; round++) {
    note('ldapadd', await onEmpty(site, (slapd) => timed(() => runLdapadd(slapd, site.ldif))))
    let best = Number.POSITIVE_INFINITY
    for (const [connections, inFlight] of POOLS) {
      const adds = (slapd: Slapd): Promise<number> =>
        timed(() => addAll(slapd, site.people, connections, inFlight))
      const took = note(`pipelined adds, ${connections} x ${inFlight}`, await onEmpty(site, adds))
      best = Math.min(best, took)
    }
    const created = await onEmpty(site, async (slapd) => runChild(await site.configFor(slapd), 1))
    expectRun(created, site, site.people.length)
    const [took = Number.NaN] = created.milliseconds
    shares.push((100 * best) / note('the run that creates all', took))
    const [cpu = 0] = created.cpu
    console.log(`  its CPU ${(cpu / 1000).toFixed(1)} s, peak ${created.peak.toFixed(0)} MB`)
  }
  for (const [name, all] of taken) row(name, median(all), site)
  console.log(`creates: ${median(shares).toFixed(0)} % of pipelined adds`)
}

async function measureNoChange(site: SyncSite, destination: Slapd, config: string): Promise<void> {
  const samples: Record<'searches' | 'command' | 'first' | 'later', number[]> = {
    searches: [],
    command: [],
    first: [],
    later: [],
  }
  let peak = 0
  for (let round = 0; round < ROUNDS; round++) {
    samples.searches.push(await timed(() => searchBoth(site.source, destination)))
    const child = await runChild(config, 4)
    expectRun(child, site, 0)
    const [first = Number.NaN, ...later] = child.milliseconds
    samples.first.push(first)
    samples.later.push(median(later))
    peak = Math.max(peak, child.peak)
    samples.searches.push(await timed(() => searchBoth(site.source, destination)))
    samples.command.push(await timed(() => runCommand(config)))
  }
  const reference = median(samples.searches)
  const times = (all: readonly number[]): string => `${(median(all) / reference).toFixed(2)} x`
  row('ldapsearch of both sides', reference, site)
  row('idaas sync run, the process', median(samples.command), site, times(samples.command))
  row('first run of a process', median(samples.first), site, times(samples.first))
  row('later runs of a process', median(samples.later), site, times(samples.later))
  console.log(
    `no change: ${times(samples.later)} (in a worker; ${times(samples.command)} as a command, peak ${peak.toFixed(0)} MB)`,
  )
}

async function searchBoth(source: Slapd, destination: Slapd): Promise<void> {
  await runLdapsearch(source)
  await runLdapsearch(destination)
}

/** Both sides full, in a process of its own: it keeps the destination, so that this is where memory goes. */
async function measureMemory(size: number): Promise<void> {
  const site = await startSyncSite(size)
  try {
    await onEmpty(site, async (slapd) => {
      const config = await site.configFor(slapd)
      const created = await runChild(config, 1)
      expectRun(created, site, size)
      const unchanged = await runChild(config, 1)
      expectRun(unchanged, site, 0)
      const seconds = (result: ChildResult): string =>
        `${((result.milliseconds[0] ?? 0) / 1000).toFixed(1)} s`
      console.log(
        `${size} entries: created in ${seconds(created)}, peak ${created.peak.toFixed(0)} MB; nothing to change in ${seconds(unchanged)}, peak ${unchanged.peak.toFixed(0)} MB`,
      )
    })
  } finally {
    await site.stop()
  }
}

async function onEmpty<T>(site: SyncSite, act: (slapd: Slapd) => Promise<T>): Promise<T> {
  const slapd = await site.emptyDestination()
  try {
    return await act(slapd)
  } finally {
    await slapd.stop()
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await act()
  return performance.now() - begin
}

async function addAll(
  { url, rootDn, rootPassword }: Slapd,
  people: readonly PersonEntry[],
  size: number,
  perConnection: number,
): Promise<void> {
  const pool = createPool({
    urls: [url],
    size,
    perConnection,
    connect: { bind: { dn: rootDn, password: rootPassword } },
  })
  let next = 0
  const lane = async (): Promise<void> => {
    for (let person = people[next++]; person !== undefined; person = people[next++])
      await pool.add(person.dn, person.attributes)
  }
  await Promise.all(Array.from({ length: size * perConnection }, lane))
  await pool.close()
}

async function runLdapsearch(slapd: Slapd): Promise<void> {
  await runTool('ldapsearch', slapd, ['-LLL', '-b', peopleBase, peopleFilter])
}

async function runLdapadd(slapd: Slapd, ldif: string): Promise<void> {
  // ldapadd is this program under another name.
  await runTool('ldapmodify', slapd, ['-a', '-f', ldif])
}

async function runTool(tool: 'ldapsearch' | 'ldapmodify', slapd: Slapd, args: string[]): Promise<void> {
  const { path, env } = findProgram(tool)
  const target = ['-x', '-H', slapd.url, '-D', slapd.rootDn, '-w', slapd.rootPassword]
  const child = spawn(path, [...target, ...args], {
    env,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${tool}: ${code}`)
}

async function runCommand(config: string): Promise<void> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', main, 'sync', 'run', 'people', '--json', '--config', config],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`idaas sync run: ${code}`)
}

async function runChild(config: string, times: number): Promise<ChildResult> {
  const file = fileURLToPath(new URL('sync-child.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', ...profiling(), file, config, 'people', String(times)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return JSON.parse(await text(child.stdout))
}

function profiling(): string[] {
  return process.env['SYNC_PROFILE'] === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${process.env['SYNC_PROFILE']}`]
}

function expectRun({ run }: ChildResult, { people }: SyncSite, creates: number): void {
  const { source, done, failed } = run.counts
  if (run.state === 'done' && source === people.length && done.create === creates && failed === 0) return
  throw new Error(`not the run that was expected: ${JSON.stringify(run)}`)
}

function row(name: string, milliseconds: number, { people }: SyncSite, more = ''): void {
  const rate = (people.length / milliseconds) * 1000
  console.log(
    `${name.padEnd(32)} ${(milliseconds / 1000).toFixed(2).padStart(7)} s ${rate.toFixed(0).padStart(7)} /s  ${more}`,
  )
}
