import { connect } from 'node:net'

/** Whether a server takes connections at that unix socket. */
export function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    const finish = (isUp: boolean): void => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}
