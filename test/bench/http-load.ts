import { type CpuTimes, readCpuTimes, readMemory } from './cpu.ts'
import type { Site } from './http-site.ts'

/** One operation; throws when an answer is wrong. `turn` is another number each time. */
export type Act = (turn: number) => Promise<void>

export type Measured = {
  readonly operations: number
  /** Operations in a second of the clock. */
  readonly rate: number
  /** Operations in a second of CPU of the serving process. */
  readonly perCpu: number
  /** Milliseconds, ascending. */
  readonly times: readonly number[]
  /** Cores used meanwhile: by slapd, and by processes that are not of this bench. */
  readonly slapd: number
  readonly foreign: number
  /** Largest size of the serving process meanwhile, in MiB. */
  readonly memory: { readonly rss: number; readonly pss: number }
}

/** Runs each lane's act again and again for that long; `turn` goes on from where the last measurement ended. */
export async function measure(
  site: Site,
  lanes: readonly Act[],
  seconds: number,
  nextTurn: () => number,
): Promise<Measured> {
  return await watch(site, async (times) => {
    const end = performance.now() + seconds * 1000
    const lane = async (act: Act): Promise<void> => {
      for (let start = performance.now(); start < end;) {
        await act(nextTurn())
        const now = performance.now()
        times.push(now - start)
        start = now
      }
    }
    await Promise.all(lanes.map(lane))
  })
}

/** Runs `load`, which notes the time of each operation, and reads what it cost. */
export async function watch(site: Site, load: (times: number[]) => Promise<void>): Promise<Measured> {
  const { servePid, slapdPid } = site
  const times: number[] = []
  const memory = { rss: 0, pss: 0 }
  const readPeak = (): void => {
    const { rss, pss } = readMemory(servePid)
    memory.rss = Math.max(memory.rss, rss)
    memory.pss = Math.max(memory.pss, pss)
  }
  const timer = setInterval(readPeak, 1000)
  const before = readCpuTimes([servePid, slapdPid])
  const start = performance.now()
  try {
    await load(times)
  } finally {
    clearInterval(timer)
  }
  const seconds = (performance.now() - start) / 1000
  const after = readCpuTimes([servePid, slapdPid])
  readPeak()
  const used = (of: (cpu: CpuTimes) => number): number => of(after) - of(before)
  return {
    operations: times.length,
    rate: times.length / seconds,
    perCpu: times.length / used((cpu) => cpu.of.get(servePid) ?? 0),
    times: times.toSorted((a, b) => a - b),
    slapd: used((cpu) => cpu.of.get(slapdPid) ?? 0) / seconds,
    foreign: Math.max(0, used((cpu) => cpu.machine - cpu.ours) / seconds),
    memory,
  }
}

/** The time that this share of the operations did not exceed. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
}
