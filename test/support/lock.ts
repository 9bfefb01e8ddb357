import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Does `act` while nobody else on this machine holds the lock of that file. Whoever dies lets go: it is a lock of the kernel. */
export async function whileLocked<T>(file: string, act: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const refused = once(holder, 'exit').then(([code]) => {
    throw new Error(`flock ${file}: exit code ${code}`)
  })
  refused.catch(() => {}) // it also ends when we let go
  await Promise.race([once(holder.stdout, 'data'), refused])
  try {
    return await act()
  } finally {
    holder.stdin.end()
  }
}
