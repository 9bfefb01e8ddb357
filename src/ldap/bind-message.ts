import { OCTET_STRING } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import { protocolFailure } from './failure.ts'
import type { Result } from './result.ts'
import { readResult, writeResult } from './result-codec.ts'
import { Secret } from './secret.ts'

export const BIND_REQUEST = 0x60
export const BIND_RESPONSE = 0x61

const SIMPLE = 0x80
const SASL = 0xa3
const SERVER_SASL_CREDENTIALS = 0x87

/** RFC 4511, 4.2. Credentials of every kind travel as `Secret`. */
export type BindRequest = {
  readonly type: 'bind'
  readonly version: number
  readonly dn: string
  readonly authentication:
    | { readonly method: 'simple'; readonly password: Secret }
    | { readonly method: 'sasl'; readonly mechanism: string; readonly credentials?: Secret }
}

export type BindResponse = {
  readonly type: 'bindResponse'
  readonly result: Result
  readonly serverCredentials?: Buffer
}

export function writeBindRequest(writer: BerWriter, request: BindRequest): void {
  const { authentication } = request
  const bind = writer.begin(BIND_REQUEST)
  writer.integer(request.version)
  writer.text(request.dn)
  if (authentication.method === 'simple') {
    writer.bytes(authentication.password.reveal(), SIMPLE)
  } else {
    const sasl = writer.begin(SASL)
    writer.text(authentication.mechanism)
    if (authentication.credentials !== undefined) writer.bytes(authentication.credentials.reveal())
    writer.end(sasl)
  }
  writer.end(bind)
}

export function readBindRequest(reader: BerReader): BindRequest {
  const outer = reader.enter(BIND_REQUEST)
  const version = reader.integer()
  const dn = reader.text()
  const authentication = readAuthentication(reader)
  reader.leave(outer)
  return { type: 'bind', version, dn, authentication }
}

function readAuthentication(reader: BerReader): BindRequest['authentication'] {
  const tag = reader.peek()
  if (tag === SIMPLE) return { method: 'simple', password: new Secret(reader.bytes(SIMPLE)) }
  if (tag !== SASL) throw protocolFailure('bind with an unknown kind of authentication')
  const outer = reader.enter(SASL)
  const mechanism = reader.text()
  const credentials = reader.peek() === OCTET_STRING ? new Secret(reader.bytes()) : undefined
  reader.leave(outer)
  return credentials ? { method: 'sasl', mechanism, credentials } : { method: 'sasl', mechanism }
}

export function writeBindResponse(writer: BerWriter, response: BindResponse): void {
  const bind = writer.begin(BIND_RESPONSE)
  writeResult(writer, response.result)
  if (response.serverCredentials !== undefined)
    writer.bytes(response.serverCredentials, SERVER_SASL_CREDENTIALS)
  writer.end(bind)
}

export function readBindResponse(reader: BerReader): BindResponse {
  const outer = reader.enter(BIND_RESPONSE)
  const result = readResult(reader)
  const credentials =
    reader.peek() === SERVER_SASL_CREDENTIALS ? reader.bytes(SERVER_SASL_CREDENTIALS) : undefined
  reader.leaveRest(outer)
  return credentials
    ? { type: 'bindResponse', result, serverCredentials: credentials }
    : { type: 'bindResponse', result }
}
