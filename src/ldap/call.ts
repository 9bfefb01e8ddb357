import type { Channel, Exchange, ExchangeOptions } from './channel.ts'
import { type LdapFailure, protocolFailure } from './failure.ts'
import type { Request } from './request.ts'
import type { ResponseMessage } from './response.ts'
import type { Outcome } from './result.ts'

/** The end of an operation that has one response: its result, and for bind and extended what came beside it. */
export type CallOutcome = Outcome & {
  readonly oid?: string
  readonly value?: Buffer
  readonly serverCredentials?: Buffer
}

const EXPECTED = {
  bind: 'bindResponse',
  add: 'addResponse',
  modify: 'modifyResponse',
  modifyDn: 'modifyDnResponse',
  delete: 'deleteResponse',
  compare: 'compareResponse',
  extended: 'extendedResponse',
} as const

export type CallRequest = Extract<Request, { type: keyof typeof EXPECTED }>

/** Sends a request that has one response and gives it, whatever its result code. Throws `LdapFailure`. */
export function call(channel: Channel, request: CallRequest, options: ExchangeOptions): Promise<CallOutcome> {
  return new Promise((resolve, reject) => {
    channel.start(request, new Call(request.type, resolve, reject), options)
  })
}

class Call implements Exchange {
  readonly full = false
  readonly #request: CallRequest['type']
  readonly #resolve: (outcome: CallOutcome) => void
  readonly #reject: (error: LdapFailure) => void

  constructor(
    request: CallRequest['type'],
    resolve: (outcome: CallOutcome) => void,
    reject: (error: LdapFailure) => void,
  ) {
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  receive({ response, controls }: ResponseMessage): boolean {
    if (response.type === 'intermediate') return false // nothing that we call sends any; RFC 4511 lets a client ignore them
    if (!('result' in response) || response.type !== EXPECTED[this.#request])
      throw protocolFailure(`${this.#request} was answered by ${response.type}`)
    const { type: _, result, ...rest } = response
    this.#resolve({ ...result, controls, ...rest })
    return true
  }

  fail(error: LdapFailure): void {
    this.#reject(error)
  }
}
