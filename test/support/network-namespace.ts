import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { joinSockets } from './join-sockets.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/** A port inside and the unix socket by which it is reached from outside: files are seen from both sides. */
export type Inlet = { port: number; socket: string }

/** Starts a server whose ports cannot be chosen in a network namespace of its own, where nothing else is. Wants root. */
export function startInNamespace(
  command: readonly string[],
  inlets: readonly Inlet[],
  logFile: string,
  env: NodeJS.ProcessEnv = process.env,
): ServerProcess {
  for (const { socket } of inlets) rmSync(socket, { force: true })
  const forward = [process.execPath, join(import.meta.dirname, 'forward.ts')]
  const pairs = inlets.flatMap(({ socket, port }) => [socket, String(port)])
  const forwarding = [...forward, ...pairs].map((word) => `"${word}"`).join(' ')
  const script = `ip link set lo up; setpriv --pdeathsig KILL ${forwarding} & exec "$@"`
  return startServer({ path: 'unshare', env }, ['--net', 'sh', '-c', script, 'sh', ...command], logFile)
}

/** A port on loopback whose connections go to a unix socket. */
export async function openDoor(socket: string): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    open.add(near)
    near.once('close', () => open.delete(near))
    joinSockets(near, connect(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async close() {
      server.close()
      for (const one of open) one.destroy()
      await once(server, 'close')
    },
  }
}
