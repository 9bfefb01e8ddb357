import type { Socket } from 'node:net'
import { findControl, NO_CONTROLS } from '../../ldap/control.ts'
import { PASSWORD_POLICY, passwordPolicyResponse } from '../../ldap/controls/password-policy.ts'
import type { Entry } from '../../ldap/entry.ts'
import { CANCEL, readCancel } from '../../ldap/extended/cancel.ts'
import { LdapFailure } from '../../ldap/failure.ts'
import { MessageFramer } from '../../ldap/framing.ts'
import { NOTICE_OF_DISCONNECTION } from '../../ldap/notice-of-disconnection.ts'
import { readRequest, type RequestMessage } from '../../ldap/request.ts'
import { anonymous, type Reader } from './access.ts'
import { type Answer, answer, refuse } from './answer.ts'
import { answerSearch, type SearchAnswer } from './answer-search.ts'
import { drawIn } from './drawn-attribute.ts'
import { Output } from './output.ts'
import { Pages } from './pages.ts'
import { Refusal } from './refusal.ts'
import type { State } from './state.ts'
import { checkControls } from './supported-controls.ts'

/** Largest message: an entry with some photos. More is refused at its announcement. */
const maxMessage = 8 * 1024 * 1024
/** Requests that wait; above it nothing more is read from the socket. */
const maxWaiting = 128

type Operation = RequestMessage & {
  request: Exclude<RequestMessage['request'], { type: 'abandon' | 'unbind' }>
}

/**
 * One client. Its requests are answered one after the other, in their order; only abandon, Cancel and unbind overtake.
 * Whatever comes in, at worst this connection ends.
 */
export class Connection {
  readonly #socket: Socket
  readonly #state: State
  readonly #report: (error: unknown) => void
  readonly #output: Output
  readonly #framer = new MessageFramer(maxMessage)
  #pages = new Pages()
  #reader: Reader = anonymous
  #waiting: Operation[] = []
  #running: number | undefined
  /** How the running search is to end early. */
  #stop: { silently: boolean } | undefined

  constructor(socket: Socket, state: State, report: (error: unknown) => void) {
    this.#socket = socket
    this.#state = state
    this.#report = report
    this.#output = new Output(socket)
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#receive(chunk))
    // A reset by the client is no event for anyone else; 'close' follows.
    socket.on('error', () => socket.destroy())
  }

  #receive(chunk: Buffer): void {
    try {
      this.#framer.push(chunk, (buffer, start, end) => this.#take(readRequest(buffer, start, end)))
      this.#next()
    } catch (error) {
      if (error instanceof LdapFailure) this.#disconnect(error.message)
      else this.#giveUp(error)
    }
  }

  /** A fault of our own: nothing can be said for sure any more, least of all to this client. */
  #giveUp(error: unknown): void {
    this.#report(error)
    this.#socket.destroy()
  }

  #take(message: RequestMessage): void {
    const { id, request } = message
    if (request.type === 'unbind') return void this.#socket.end()
    if (request.type === 'abandon') return void this.#end(request.messageId, true)
    if (request.type === 'extended' && request.oid === CANCEL && request.value) {
      const known = this.#end(readCancel(request.value), false)
      const refusal = new Refusal('noSuchOperation')
      const result = { code: known ? 0 : refusal.code, matchedDn: '', diagnostic: '', referrals: [] }
      return void this.#output.respond(id, { type: 'extendedResponse', result })
    }
    this.#waiting.push({ ...message, request })
    if (this.#waiting.length > maxWaiting) this.#socket.pause()
    return undefined
  }

  /** Ends a request early, true when there is one. Silently: abandon, nobody waits for its result. */
  #end(id: number, silently: boolean): boolean {
    if (this.#running === id) {
      this.#stop = { silently }
      return true
    }
    const found = this.#waiting.find((message) => message.id === id)
    if (!found) return false
    this.#waiting = this.#waiting.filter((message) => message !== found)
    if (!silently) this.#finish(found, refuse(this.#reader, found.request.type, new Refusal('canceled')))
    return true
  }

  /** Answers what waits, without giving the turn away as long as nothing has to be waited for. */
  #next(): void {
    while (this.#running === undefined && !this.#socket.destroyed) {
      const message = this.#waiting.shift()
      if (!message) break
      const waits = this.#handle(message)
      if (!waits) continue
      this.#running = message.id
      void waits
        .catch((error: unknown) => this.#fail(message, error))
        .finally(() => {
          this.#running = undefined
          this.#stop = undefined
          this.#next()
        })
        .catch((error: unknown) => this.#giveUp(error))
    }
    if (this.#waiting.length < maxWaiting / 2) this.#socket.resume()
    this.#output.flush()
  }

  #handle(message: Operation): Promise<void> | undefined {
    const { request, controls } = message
    try {
      checkControls(request.type, controls)
      // What the one before was allowed to see is not for the next one.
      if (request.type === 'bind') this.#pages = new Pages()
      if (request.type !== 'search') {
        return answer(this.#state, this.#reader, request, controls).then((given) =>
          this.#finish(message, given),
        )
      }
      return this.#send(message, answerSearch(this.#state, this.#reader, request, controls, this.#pages))
    } catch (error) {
      this.#fail(message, error)
      return undefined
    }
  }

  /** Sends what a search found; waits only when the client does not keep up. */
  #send(message: Operation, given: SearchAnswer): Promise<void> | undefined {
    const { found, to, code, controls } = given
    for (let at = given.from; at < to; at++) {
      if (this.#stop?.silently || this.#socket.destroyed) return undefined
      if (this.#stop) throw new Refusal('canceled')
      const entry = found.entry(at)
      if (!entry) continue
      const rest = { ...given, from: at + 1 }
      const drawing = drawIn(this.#state.tree.drawn, entry)
      if (drawing) return drawing.then((drawn) => this.#sendEntry(message, drawn, rest))
      if (this.#output.respond(message.id, entryResponse(entry))) continue
      return this.#output.drained().then(() => this.#send(message, rest))
    }
    const result = { code, matchedDn: '', diagnostic: '', referrals: [] }
    this.#finish(message, { response: { type: 'searchDone', result }, reader: this.#reader, controls })
    return undefined
  }

  async #sendEntry(message: Operation, entry: Entry, rest: SearchAnswer): Promise<void> {
    if (!this.#output.respond(message.id, entryResponse(entry))) await this.#output.drained()
    await this.#send(message, rest)
  }

  #fail(message: Operation, error: unknown): void {
    if (!(error instanceof Refusal)) this.#report(error)
    const refusal = error instanceof Refusal ? error : new Refusal('other', 'internal error')
    this.#finish(message, refuse(this.#reader, message.request.type, refusal))
  }

  /** Sends the one result of a request. What the password policy says goes only to a client that asked for it. */
  #finish({ id, controls: asked }: Operation, { response, reader, policy, controls = [] }: Answer): void {
    this.#reader = reader
    const wantsPolicy = policy && findControl(asked, PASSWORD_POLICY)
    this.#output.respond(id, response, wantsPolicy ? [...controls, passwordPolicyResponse(policy)] : controls)
  }

  /** RFC 4511, 4.4.1: says why, then closes. */
  #disconnect(diagnostic: string): void {
    const result = { code: 2, matchedDn: '', diagnostic, referrals: [] }
    this.#waiting = []
    this.#output.respond(0, { type: 'extendedResponse', result, oid: NOTICE_OF_DISCONNECTION })
    this.#output.flush()
    this.#socket.removeAllListeners('data')
    this.#socket.end()
    this.#socket.destroySoon()
  }
}

function entryResponse(entry: Entry) {
  return { type: 'entry', entry: { ...entry, controls: NO_CONTROLS } } as const
}
