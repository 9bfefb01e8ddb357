import { readdirSync, readFileSync } from 'node:fs'

/** Seconds of CPU that were used from the start up to now. */
export type CpuTimes = {
  /** Of all processes of this machine. */
  readonly machine: number
  /** Of this process and all below it. */
  readonly ours: number
  /** Of some of them by process id, all threads. */
  readonly of: ReadonlyMap<number, number>
}

const TICKS_PER_SECOND = 100

/** Reads the kernel's counters (proc(5)), which are kept in hundredths of a second. */
export function readCpuTimes(pids: readonly number[]): CpuTimes {
  const processes = readProcesses()
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(processes.get(pid)?.parent))
  let ours = 0
  for (const [pid, { seconds }] of processes) if (isOurs(pid)) ours += seconds
  return { machine: readMachine(), ours, of: new Map(pids.map((pid) => [pid, processes.get(pid)?.own ?? 0])) }
}

function readMachine(): number {
  const [, ...counters] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? []
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = counters.map(Number)
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND
}

type Process = { parent: number; own: number; seconds: number }

function readProcesses(): Map<number, Process> {
  const found = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const process = readProcess(name)
    if (process !== null) found.set(Number(name), process)
  }
  return found
}

/** Null when it has ended meanwhile. `seconds` also holds the children that it has waited for. */
function readProcess(pid: string): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name is in brackets and may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    const own = (user + system) / TICKS_PER_SECOND
    return { parent: fields[1] ?? 0, own, seconds: own + (childUser + childSystem) / TICKS_PER_SECOND }
  } catch {
    return null
  }
}

/** Resident and proportional size of a process in MiB: pages that are shared with others count whole, or by share. */
export function readMemory(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)?.[1]) / 1024
  return { rss: mib('Rss'), pss: mib('Pss') }
}
