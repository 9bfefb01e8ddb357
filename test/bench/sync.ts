import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
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

/**
 * A run with nothing to change beside `ldapsearch` of both sides, one after the other; a run that creates everything beside our LDAP client adding the same
 * entries as fast as it can; what memory that takes. `--million`: also what a million entries take. Numbers instead of names: other sizes.
 */
export async function benchSync(options: string[]): Promise<void> {
  const sizes = options.map(Number).filter((size) => size > 0)
  for (const size of sizes.length > 0 ? sizes : SIZES) await measure(size)
  if (options.includes('--million')) await measureMemory(1_000_000)
  else if (sizes.length === 0) await measureMemory(200_000)
}

async function measure(size: number): Promise<void> {
  console.log(`\n${size} people, seven attributes, slapd without overlays`)
  const site = await startSyncSite(size)
  try {
    await measureCreates(site)
  } finally {
    await site.stop()
  }
}

async function measureCreates(site: SyncSite): Promise<void> {
  const ldapadd = await onEmpty(site, (slapd) => timed(() => runLdapadd(slapd, site.ldif)))
  row('ldapadd', ldapadd, site)
  let best = Number.POSITIVE_INFINITY
  for (const [connections, inFlight] of [
    [1, 16],
    [2, 16],
    [4, 16],
    [4, 64],
  ] as const) {
    const took = await onEmpty(site, (slapd) =>
      timed(() => addAll(slapd, site.people, connections, inFlight)),
    )
    row(`pipelined adds, ${connections} x ${inFlight}`, took, site)
    best = Math.min(best, took)
  }
  await onEmpty(site, async (slapd) => {
    const config = await site.configFor(slapd)
    const created = await runChild(config, 1)
    expectRun(created, site, site.people.length)
    const [took = Number.NaN] = created.milliseconds
    row('the run that creates all', took, site, `peak ${created.peak.toFixed(0)} MB`)
    console.log(`creates: ${((100 * best) / took).toFixed(0)} % of pipelined adds`)
    await measureNoChange(site, slapd, config)
  })
}

async function measureNoChange(site: SyncSite, destination: Slapd, config: string): Promise<void> {
  const searches: number[] = []
  const processes: number[] = []
  const cold: number[] = []
  const warm: number[] = []
  let peak = 0
  for (let round = 0; round < ROUNDS; round++) {
    searches.push(
      await timed(async () => {
        await runLdapsearch(site.source)
        await runLdapsearch(destination)
      }),
    )
    processes.push(await timed(() => runCommand(config)))
    const child = await runChild(config, 4)
    expectRun(child, site, 0)
    const [first = Number.NaN, ...others] = child.milliseconds
    cold.push(first)
    warm.push(median(others))
    peak = Math.max(peak, child.peak)
  }
  const reference = median(searches)
  row('ldapsearch of both sides', reference, site)
  const compared = (name: string, numbers: readonly number[]): void =>
    row(name, median(numbers), site, `${(median(numbers) / reference).toFixed(2)} x`)
  compared('idaas sync run, the process', processes)
  compared('first run of a process', cold)
  compared('later runs of a process', warm)
  console.log(
    `no change: ${(median(processes) / reference).toFixed(2)} x (as a command; ${(median(warm) / reference).toFixed(2)} x in a worker, peak ${peak.toFixed(0)} MB)`,
  )
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
