import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server on which a test can hold up all that passes, as a slow or broken network does. */
export type Line = { readonly port: number; hold(): void; release(): void; close(): Promise<void> }

/** Opens a port on loopback that leads to another one. */
export async function openLine(to: number): Promise<Line> {
  const sockets = new Set<Socket>()
  let isHeld = false
  const join = (from: Socket, other: Socket) => {
    sockets.add(from)
    from.on('data', (chunk) => other.write(chunk))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      other.destroy()
    })
    if (isHeld) from.pause()
  }
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    join(near, far)
    join(far, near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return {
    port: address.port,
    hold() {
      isHeld = true
      for (const socket of sockets) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of sockets) socket.resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
