import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../problems/thrown.ts'

/** Another process serves this folder; it can be reached over LDAP. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  readonly pid: number

  constructor(folder: string, pid: number) {
    super(`${folder} is already in use by process ${pid}`)
    this.pid = pid
  }
}

/** Takes a folder for this process, or throws FolderInUse. A lock that a dead process left is taken over. */
export async function lockFolder(folder: string): Promise<{ release: () => Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, 'lock')
  const own = `${process.pid} ${await startOf(process.pid)}`
  const mine = `${lock}.${process.pid}`
  await writeFile(mine, own)
  try {
    await take(folder, lock, mine)
  } finally {
    await unlink(mine)
  }
  return {
    release: async () => {
      if ((await read(lock)) === own) await unlink(lock)
    },
  }
}

/** link() makes the lock appear whole or not at all, and only for one of several who try. */
async function take(folder: string, lock: string, mine: string): Promise<void> {
  for (;;) {
    if (await attempt(link(mine, lock), 'EEXIST')) return
    const holder = (await read(lock)) ?? ''
    const [pid = '0', started] = holder.split(' ')
    if ((await startOf(Number(pid))) === started) throw new FolderInUse(folder, Number(pid))
    // Out of the way by rename, and put back if another process was faster and this is its fresh lock.
    const stale = `${mine}.stale`
    if (!(await attempt(rename(lock, stale), 'ENOENT'))) continue
    if ((await read(stale)) !== holder) await attempt(link(stale, lock), 'EEXIST')
    await unlink(stale)
  }
}

/**
 * When a process started, `''` when there is none: numbers of dead processes are given out again. Without /proc (not
 * on Linux) all living processes have the same start.
 */
async function startOf(pid: number): Promise<string> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return ''
  }
  const stat = await read(`/proc/${pid}/stat`)
  // The name, in parentheses, may hold spaces and parentheses; the start is the 22nd field.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'running'
}

async function read(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

async function attempt(action: Promise<void>, expected: string): Promise<boolean> {
  try {
    await action
    return true
  } catch (error) {
    if (codeOf(error) === expected) return false
    throw error
  }
}
