import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'

export type RunningPostgres = { pid: number; owner: number; sockets: string; ready: boolean }

/**
 * The server that runs on the embedded data of `dataDir`, and the process that started it (the server itself when that one is gone).
 * postmaster.pid has: process, data folder, start time, port, socket folder, address, shared memory,
 * status.
 */
export function findRunning(dataDir: string): RunningPostgres | undefined {
  const data = resolve(dataDir, 'postgres', 'data')
  const [pid = '', , , , sockets = '', , , status = ''] = readOr(join(data, 'postmaster.pid'), '').split('\n')
  // After a crash the file stays and its number may be another process by now; a server's working folder is its data.
  if (!/^\d+$/.test(pid) || workingFolder(pid) !== realpathSync(data)) return undefined
  const parent = Number(/^PPid:\t(\d+)$/m.exec(readOr(`/proc/${pid}/status`, ''))?.[1] ?? 0)
  return {
    pid: Number(pid),
    owner: parent > 1 ? parent : Number(pid),
    sockets,
    ready: status.trim() === 'ready',
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}
