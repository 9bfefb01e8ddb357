import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from 'node:net'
import { codeOf } from '../problems/thrown.ts'

/** Throws the error of `listen` (EADDRINUSE, with the port) when a program listens there already. */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer()
  probe.listen({ host: '127.0.0.1', port })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/**
 * Lets a server that listens on 127.0.0.1 answer on ::1 as well: browsers take `localhost` for both. Where there is no IPv6, nothing is done. The
 * result stops listening; the connections are the server's.
 */
export async function listenOnLoopback6(server: Server, port: number): Promise<() => Promise<void>> {
  const other = createServer((socket) => server.emit('connection', socket))
  other.listen({ host: '::1', port, ipv6Only: true })
  try {
    await once(other, 'listening')
  } catch (error) {
    if (isWithoutIpv6(error)) return async () => {}
    throw error
  }
  return async () => void other.close()
}

function isWithoutIpv6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))
}
