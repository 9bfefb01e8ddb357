import type { Socket } from 'node:net'
import type { Channel, Exchange } from './channel.ts'
import { type LdapFailure, protocolFailure } from './failure.ts'
import type { ResponseMessage } from './response.ts'
import { LdapError } from './result.ts'

/** RFC 4511, 4.14. */
export const START_TLS = '1.3.6.1.4.1.1466.20037'

/** Asks for TLS and puts it around the socket. Nothing else may run on the channel meanwhile. */
export async function startTls(channel: Channel, wrap: (socket: Socket) => Promise<Socket>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const exchange: Exchange = {
      full: false,
      receive: ({ response, controls }: ResponseMessage) => {
        if (response.type !== 'extendedResponse')
          throw protocolFailure(`StartTLS was answered by ${response.type}`)
        channel.endPlain()
        if (response.result.code === 0) resolve()
        else reject(new LdapError({ ...response.result, controls }))
        return true
      },
      fail: (error: LdapFailure) => reject(error),
    }
    channel.start({ type: 'extended', oid: START_TLS }, exchange, {})
  })
  await channel.secure(wrap)
}
