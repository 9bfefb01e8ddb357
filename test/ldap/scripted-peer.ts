import { createServer, type Socket } from 'node:net'
import { BerWriter } from '../../src/ldap/ber-writer.ts'
import type { Control } from '../../src/ldap/control.ts'
import { MessageFramer } from '../../src/ldap/framing.ts'
import { readRequest, type RequestMessage } from '../../src/ldap/request.ts'
import { type ResponseToWrite, writeResponse } from '../../src/ldap/response.ts'
import type { Result } from '../../src/ldap/result.ts'

/** A server that does what a test says, for what no real server can be brought to do. */
export type ScriptedPeer = {
  readonly url: string
  readonly requests: RequestMessage[]
  stop(): Promise<void>
}

export type Answer = (message: ResponseToWrite, controls?: readonly Control[], id?: number) => void

export const success: Result = { code: 0, matchedDn: '', diagnostic: '', referrals: [] }

export async function startScriptedPeer(
  react: (message: RequestMessage, answer: Answer, socket: Socket) => void,
): Promise<ScriptedPeer> {
  const requests: RequestMessage[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    const framer = new MessageFramer(1024 * 1024)
    socket.on('data', (chunk) =>
      framer.push(chunk, (buffer, start, end) => {
        const message = readRequest(buffer, start, end)
        requests.push(message)
        react(
          message,
          (response, controls = [], id = message.id) => {
            const writer = new BerWriter()
            writeResponse(writer, id, response, controls)
            socket.write(writer.take())
          },
          socket,
        )
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return {
    url: `ldap://127.0.0.1:${address.port}`,
    requests,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
