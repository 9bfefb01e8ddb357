import { once } from 'node:events'
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'

export type RollingProxy = {
  /** Sends requests to the replica on this port too. */
  add(port: number): void
  /** Sends it no more: what a Service does as soon as a pod is told to end. */
  remove(port: number): void
  close(): Promise<void>
}

/** A router as OpenShift's is one: in turn to each replica, on connections that it keeps, never a second try. */
export async function startRollingProxy(port: number): Promise<RollingProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const replicas: number[] = []
  let turn = 0

  const forward = (from: IncomingMessage, to: ServerResponse): void => {
    const replica = replicas[turn++ % replicas.length]
    if (replica === undefined) return void to.writeHead(502, 'no replica').end()
    const { method, url: path, headers } = from
    const sent = ask({ host: '127.0.0.1', port: replica, agent, method, path, headers }, (answer) => {
      // Of this hop, not of the next: the router keeps its visitors' connections when a replica ends its own.
      const { connection: _, 'keep-alive': __, ...rest } = answer.headers
      to.writeHead(answer.statusCode ?? 502, rest)
      answer.pipe(to)
      answer.on('error', () => to.destroy())
    })
    sent.on('error', (error) => {
      if (to.headersSent) to.destroy()
      else to.writeHead(502, { 'x-fault': error.message.replaceAll(/[^\w .:-]/g, ' ') }).end()
    })
    from.pipe(sent)
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, forward)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    add: (replica) => void replicas.push(replica),
    remove: (replica) => void replicas.splice(replicas.indexOf(replica), 1),
    async close() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
