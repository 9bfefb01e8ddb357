import type { Socket } from 'node:net'
import { BerWriter } from './ber-writer.ts'
import { type Control, NO_CONTROLS } from './control.ts'
import { Deadlines } from './deadlines.ts'
import { LdapFailure, protocolFailure } from './failure.ts'
import { MessageFramer } from './framing.ts'
import { noticeOfDisconnection } from './notice-of-disconnection.ts'
import { type Request, writeRequest } from './request.ts'
import { readResponse, type ResponseMessage } from './response.ts'

/** One operation as its channel sees it. */
export interface Exchange {
  /** No more entries are wanted for now: the reader is slower than the server. */
  readonly full: boolean
  /** Takes a response of `size` bytes; true when it was the last one for its message id. */
  receive(message: ResponseMessage, size: number): boolean
  fail(error: LdapFailure): void
}

export type ExchangeOptions = {
  readonly controls?: readonly Control[]
  /** Milliseconds that the server may stay silent; the operation is abandoned then, the connection goes on. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

type Running = {
  readonly exchange: Exchange
  readonly abandonable: boolean
  readonly timeout: number
  deadline: number
  readonly unlisten: (() => void) | undefined
}

export type ChannelLimits = { readonly operationTimeout: number; readonly maxMessageBytes: number }

/**
 * A socket with the operations that run on it. It numbers messages, hands responses to their exchange, keeps the
 * deadlines, and fails everything at once when the connection ends.
 */
export class Channel {
  #socket: Socket
  readonly #limits: ChannelLimits
  readonly #framer: MessageFramer
  readonly #writer = new BerWriter()
  readonly #running = new Map<number, Running>()
  readonly #deadlines = new Deadlines((now) => this.#expire(now))
  readonly #closeListeners = new Set<(failure: LdapFailure) => void>()
  #lastId = 0
  #flushing = false
  #plainEnded = false
  #resting = false
  #failure: LdapFailure | undefined
  #heard = 0
  /** When the first of the operations that run now began. */
  #busySince = 0

  constructor(socket: Socket, limits: ChannelLimits) {
    this.#socket = socket
    this.#limits = limits
    this.#framer = new MessageFramer(limits.maxMessageBytes)
    this.#listen(socket)
  }

  /** Why the connection is over; undefined while it is usable. */
  get failure(): LdapFailure | undefined {
    return this.#failure
  }

  /** Operations in flight. */
  get running(): number {
    return this.#running.size
  }

  /** When something came last (`performance.now`); 0 when nothing has. */
  get heard(): number {
    return this.#heard
  }

  /** Milliseconds that the server has said nothing while an operation waits for it; 0 when none does. */
  silentFor(now: number): number {
    return this.#running.size === 0 || this.#resting ? 0 : now - Math.max(this.#heard, this.#busySince)
  }

  onClose(listener: (failure: LdapFailure) => void): void {
    if (this.#failure) listener(this.#failure)
    else this.#closeListeners.add(listener)
  }

  /** Sends a request and gives its message id. When that is impossible the exchange fails; the id is 0 then. */
  start(request: Request, exchange: Exchange, options: ExchangeOptions): number {
    const refusal = this.#failure ?? abortOf(options.signal)
    if (refusal) {
      exchange.fail(refusal)
      return 0
    }
    const id = this.#nextId()
    this.#write(id, request, options.controls ?? NO_CONTROLS)
    const timeout = options.timeout ?? this.#limits.operationTimeout
    const now = performance.now()
    if (this.#running.size === 0) this.#busySince = now
    const deadline = now + timeout
    const abandonable = request.type !== 'bind'
    const unlisten = options.signal && this.#abandonOn(options.signal, id)
    this.#running.set(id, { exchange, abandonable, timeout, deadline, unlisten })
    this.#deadlines.watch(deadline)
    if (this.#resting) this.throttle()
    return id
  }

  /** Gives an operation up: the server is told, the exchange fails. A bind cannot be abandoned: the connection ends. */
  abandon(id: number, failure = new LdapFailure('aborted', 'the operation was abandoned')): void {
    const running = this.#running.get(id)
    if (!running) return
    if (!running.abandonable) return this.fail(failure)
    this.#finish(id, running)
    if (this.#resting) this.throttle()
    this.#write(this.#nextId(), { type: 'abandon', messageId: id }, NO_CONTROLS)
    running.exchange.fail(failure)
  }

  /** Says goodbye and closes. Operations still running fail as `closed`. */
  unbind(): void {
    if (this.#failure) return
    this.#write(this.#nextId(), { type: 'unbind' }, NO_CONTROLS)
    this.#socket.write(this.#writer.take())
    this.fail(new LdapFailure('closed', 'the connection was closed by this side'))
  }

  /** Ends the connection; every operation on it fails with this failure, at once. */
  fail(failure: LdapFailure): void {
    if (this.#failure) return
    this.#failure = failure
    this.#socket.destroySoon() // after what is written: a goodbye, the reason for an abandon
    this.#deadlines.stop()
    // First the listeners: an exchange that tries again must not be given this channel.
    for (const listener of this.#closeListeners) listener(failure)
    this.#closeListeners.clear()
    for (const [id, running] of this.#running) {
      this.#finish(id, running)
      running.exchange.fail(failure)
    }
  }

  /** From here on no byte in clear is taken: one that was injected behind the StartTLS response must not count. */
  endPlain(): void {
    this.#plainEnded = true
  }

  /** Puts TLS around the socket, after `endPlain`. */
  async secure(wrap: (socket: Socket) => Promise<Socket>): Promise<void> {
    if (this.#failure) throw this.#failure
    if (this.#framer.held > 0) throw protocolFailure('bytes in clear behind the StartTLS response')
    this.#socket.removeAllListeners('data')
    const secured = await wrap(this.#socket)
    this.#socket = secured
    this.#plainEnded = false
    this.#listen(secured) // the plain socket keeps its listeners too: whichever notices the loss first
  }

  /** Reads from the socket unless every running operation has enough: one that waits must never wait for a full one. */
  throttle(): void {
    if (this.#failure) return
    const full = this.#running.size > 0 && !this.#someoneWaits()
    if (full === this.#resting) return
    this.#resting = full
    if (full) this.#socket.pause()
    else this.#socket.resume()
  }

  #someoneWaits(): boolean {
    for (const { exchange } of this.#running.values()) if (!exchange.full) return true
    return false
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', (error) => this.fail(new LdapFailure('closed', 'the connection was lost', error)))
    socket.on('close', () => this.fail(new LdapFailure('closed', 'the server closed the connection')))
    socket.on('end', () => this.fail(new LdapFailure('closed', 'the server closed the connection')))
  }

  #receive(chunk: Buffer): void {
    if (this.#failure) return
    this.#heard = performance.now()
    try {
      this.#framer.push(chunk, this.#dispatch)
    } catch (error) {
      this.fail(
        error instanceof LdapFailure ? error : new LdapFailure('protocol', 'unreadable message', error),
      )
    }
  }

  readonly #dispatch = (buffer: Buffer, start: number, end: number): void => {
    if (this.#failure) return
    if (this.#plainEnded) throw protocolFailure('a message in clear behind the StartTLS response')
    const message = readResponse(buffer, start, end)
    if (message.id === 0) throw noticeOfDisconnection(message)
    const running = this.#running.get(message.id)
    if (!running) return // the last words of an operation that was abandoned
    running.deadline = this.#heard + running.timeout
    if (running.exchange.receive(message, end - start)) this.#finish(message.id, running)
  }

  #finish(id: number, running: Running): void {
    this.#running.delete(id)
    running.unlisten?.()
  }

  #nextId(): number {
    do this.#lastId = this.#lastId === 0x7fffffff ? 1 : this.#lastId + 1
    while (this.#running.has(this.#lastId))
    return this.#lastId
  }

  /** Encodes behind what is pending; all that one turn of the event loop asks for leaves in one write. */
  #write(id: number, request: Request, controls: readonly Control[]): void {
    const mark = this.#writer.pending
    try {
      writeRequest(this.#writer, id, request, controls)
    } catch (error) {
      this.#writer.rewind(mark)
      throw error
    }
    if (this.#flushing) return
    this.#flushing = true
    process.nextTick(this.#flush)
  }

  readonly #flush = (): void => {
    this.#flushing = false
    if (!this.#failure && this.#writer.pending > 0) this.#socket.write(this.#writer.take())
  }

  #abandonOn(signal: AbortSignal, id: number): () => void {
    const listener = (): void => this.abandon(id, abortOf(signal))
    signal.addEventListener('abort', listener, { once: true })
    return () => signal.removeEventListener('abort', listener)
  }

  #expire(now: number): number {
    let next = Infinity
    for (const [id, running] of this.#running) {
      // While its reader makes the socket wait, the server is not to blame.
      if (running.exchange.full) running.deadline = now + running.timeout
      if (running.deadline <= now)
        this.abandon(id, new LdapFailure('timeout', `no answer within ${running.timeout} ms`))
      else next = Math.min(next, running.deadline)
    }
    return next
  }
}

function abortOf(signal: AbortSignal | undefined): LdapFailure | undefined {
  return signal?.aborted ? new LdapFailure('aborted', 'the caller gave up', signal.reason) : undefined
}
