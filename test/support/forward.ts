import { connect, createServer } from 'node:net'
import { joinSockets } from './join-sockets.ts'

/** `node forward.ts SOCKET PORT...`: connections to each unix socket go to the port of this network namespace. */
const [, , ...pairs] = process.argv
for (let index = 0; index + 1 < pairs.length; index += 2) {
  const port = Number(pairs[index + 1])
  createServer((near) => joinSockets(near, connect(port, '127.0.0.1'))).listen(pairs[index])
}
