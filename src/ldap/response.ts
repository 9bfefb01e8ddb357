import { BerReader, SEQUENCE } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import { BIND_RESPONSE, type BindResponse, readBindResponse, writeBindResponse } from './bind-message.ts'
import { type Control, readControls, writeControls } from './control.ts'
import type { Entry } from './entry.ts'
import * as extended from './extended-message.ts'
import { protocolFailure } from './failure.ts'
import type { Result } from './result.ts'
import { readResult, writeResult } from './result-codec.ts'
import * as search from './search-message.ts'

/** The responses that are a result and nothing else. */
const PLAIN_TAGS = {
  modifyResponse: 0x67,
  addResponse: 0x69,
  deleteResponse: 0x6b,
  modifyDnResponse: 0x6d,
  compareResponse: 0x6f,
} as const
const PLAIN_TYPES = new Map<number, keyof typeof PLAIN_TAGS>([
  [0x67, 'modifyResponse'],
  [0x69, 'addResponse'],
  [0x6b, 'deleteResponse'],
  [0x6d, 'modifyDnResponse'],
  [0x6f, 'compareResponse'],
])

export type PlainResponse = { readonly type: keyof typeof PLAIN_TAGS; readonly result: Result }

/** Every response of LDAPv3. */
export type Response = search.SearchEntry | ResponseButEntry

/** A response to write: any entry will do, its controls are those of the message. */
export type ResponseToWrite = { readonly type: 'entry'; readonly entry: Entry } | ResponseButEntry

type ResponseButEntry =
  | search.SearchReference
  | search.SearchDone
  | BindResponse
  | PlainResponse
  | extended.ExtendedResponse
  | extended.IntermediateResponse

export type ResponseMessage = {
  readonly id: number
  readonly response: Response
  readonly controls: readonly Control[]
}

/** Writes the whole message: envelope, response, controls. */
export function writeResponse(
  writer: BerWriter,
  id: number,
  response: ResponseToWrite,
  controls: readonly Control[],
): void {
  const envelope = writer.begin(SEQUENCE)
  writer.integer(id)
  writeOperation(writer, response)
  writeControls(writer, controls)
  writer.end(envelope)
}

function writeOperation(writer: BerWriter, response: ResponseToWrite): void {
  switch (response.type) {
    case 'entry':
      return search.writeSearchEntry(writer, response.entry)
    case 'reference':
      return search.writeSearchReference(writer, response)
    case 'searchDone':
      return search.writeSearchDone(writer, response)
    case 'bindResponse':
      return writeBindResponse(writer, response)
    case 'extendedResponse':
      return extended.writeExtendedResponse(writer, response)
    case 'intermediate':
      return extended.writeIntermediateResponse(writer, response)
    default: {
      const element = writer.begin(PLAIN_TAGS[response.type])
      writeResult(writer, response.result)
      return writer.end(element)
    }
  }
}

/** Reads a message from a server, whole in `buffer[start, end)`. Throws an `LdapFailure` of kind `protocol`. */
export function readResponse(buffer: Buffer, start = 0, end = buffer.length): ResponseMessage {
  const reader = new BerReader(buffer, start, end)
  const outer = reader.enter(SEQUENCE)
  const id = reader.integer()
  // The controls stand behind the operation, but an entry carries its own: read them first.
  const operation = reader.offset
  reader.skip()
  const controls = readControls(reader)
  const rest = reader.offset
  reader.offset = operation
  const response = readOperation(reader, controls)
  reader.offset = rest
  reader.leaveRest(outer)
  if (reader.more) throw protocolFailure('bytes behind the message')
  return { id, response, controls }
}

function readOperation(reader: BerReader, controls: readonly Control[]): Response {
  const tag = reader.peek()
  switch (tag) {
    case search.SEARCH_ENTRY:
      return search.readSearchEntry(reader, controls)
    case search.SEARCH_DONE:
      return search.readSearchDone(reader)
    case search.SEARCH_REFERENCE:
      return search.readSearchReference(reader)
    case BIND_RESPONSE:
      return readBindResponse(reader)
    case extended.EXTENDED_RESPONSE:
      return extended.readExtendedResponse(reader)
    case extended.INTERMEDIATE_RESPONSE:
      return extended.readIntermediateResponse(reader)
    default:
      return readPlainResponse(reader, tag)
  }
}

function readPlainResponse(reader: BerReader, tag: number): PlainResponse {
  const type = PLAIN_TYPES.get(tag)
  if (type === undefined) throw protocolFailure(`unknown response 0x${tag.toString(16)}`)
  const outer = reader.enter(tag)
  const result = readResult(reader)
  reader.leaveRest(outer)
  return { type, result }
}
