import type { Socket } from 'node:net'
import { BerWriter } from '../../ldap/ber-writer.ts'
import type { Control } from '../../ldap/control.ts'
import { type Response, writeResponse } from '../../ldap/response.ts'

const enough = 64 * 1024

/** Responses on their way to a client: gathered, so that answers to many requests cost one write. */
export class Output {
  readonly #socket: Socket
  readonly #writer = new BerWriter()

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** False when the client does not keep up: wait for `drained` before the next one. */
  respond(id: number, response: Response, controls: readonly Control[] = []): boolean {
    writeResponse(this.#writer, id, response, controls)
    return this.#writer.pending < enough || this.flush()
  }

  /** Hands everything to the socket. */
  flush(): boolean {
    if (this.#writer.pending === 0) return true
    const bytes = this.#writer.take()
    return this.#socket.destroyed || this.#socket.write(bytes)
  }

  /** Resolves when the socket took what it had, or is gone. */
  async drained(): Promise<void> {
    const socket = this.#socket
    if (socket.destroyed || !socket.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done)
        resolve()
      }
      socket.on('drain', done).on('close', done)
    })
  }
}
