import { connect } from 'node:net'

/** Search of the root DSE, objectClass present. */
const rootDseSearch = Buffer.from(
  '3025020101632004000a01000a0100020100020100010100870b6f626a656374436c6173733000',
  'hex',
)

/** Whether an LDAP server answers at that unix socket or port of loopback. */
export function answers(at: string | number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof at === 'string' ? connect(at) : connect(at, '127.0.0.1')
    const finish = (isUp: boolean): void => {
      socket.destroy()
      resolve(isUp)
    }
    socket.setTimeout(500, () => finish(false))
    socket.once('connect', () => socket.write(rootDseSearch))
    socket.once('data', () => finish(true))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
  })
}
