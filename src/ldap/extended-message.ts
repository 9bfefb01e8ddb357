import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import type { Result } from './result.ts'
import { readResult, writeResult } from './result-codec.ts'

export const EXTENDED_REQUEST = 0x77
export const EXTENDED_RESPONSE = 0x78
export const INTERMEDIATE_RESPONSE = 0x79

/** Tags of the name and the value in the three messages of RFC 4511, 4.12 and 4.13. */
const REQUEST_NAME = 0x80
const REQUEST_VALUE = 0x81
const RESPONSE_NAME = 0x8a
const RESPONSE_VALUE = 0x8b

export type ExtendedRequest = { readonly type: 'extended'; readonly oid: string; readonly value?: Buffer }
export type ExtendedResponse = {
  readonly type: 'extendedResponse'
  readonly result: Result
  readonly oid?: string
  readonly value?: Buffer
}
export type IntermediateResponse = {
  readonly type: 'intermediate'
  readonly oid?: string
  readonly value?: Buffer
}

export function writeExtendedRequest(writer: BerWriter, request: ExtendedRequest): void {
  const extended = writer.begin(EXTENDED_REQUEST)
  writer.text(request.oid, REQUEST_NAME)
  if (request.value !== undefined) writer.bytes(request.value, REQUEST_VALUE)
  writer.end(extended)
}

export function readExtendedRequest(reader: BerReader): ExtendedRequest {
  const outer = reader.enter(EXTENDED_REQUEST)
  const oid = reader.text(REQUEST_NAME)
  const request: ExtendedRequest =
    reader.peek() === REQUEST_VALUE
      ? { type: 'extended', oid, value: reader.bytes(REQUEST_VALUE) }
      : { type: 'extended', oid }
  reader.leave(outer)
  return request
}

function writeNamed(
  writer: BerWriter,
  named: { oid?: string; value?: Buffer },
  name: number,
  value: number,
): void {
  if (named.oid !== undefined) writer.text(named.oid, name)
  if (named.value !== undefined) writer.bytes(named.value, value)
}

function readNamed(reader: BerReader, name: number, value: number): { oid?: string; value?: Buffer } {
  const oid = reader.peek() === name ? { oid: reader.text(name) } : {}
  const bytes = reader.peek() === value ? { value: reader.bytes(value) } : {}
  return { ...oid, ...bytes }
}

export function writeExtendedResponse(writer: BerWriter, response: ExtendedResponse): void {
  const extended = writer.begin(EXTENDED_RESPONSE)
  writeResult(writer, response.result)
  writeNamed(writer, response, RESPONSE_NAME, RESPONSE_VALUE)
  writer.end(extended)
}

export function readExtendedResponse(reader: BerReader): ExtendedResponse {
  const outer = reader.enter(EXTENDED_RESPONSE)
  const result = readResult(reader)
  const named = readNamed(reader, RESPONSE_NAME, RESPONSE_VALUE)
  reader.leaveRest(outer)
  return { type: 'extendedResponse', result, ...named }
}

export function writeIntermediateResponse(writer: BerWriter, response: IntermediateResponse): void {
  const intermediate = writer.begin(INTERMEDIATE_RESPONSE)
  writeNamed(writer, response, REQUEST_NAME, REQUEST_VALUE)
  writer.end(intermediate)
}

export function readIntermediateResponse(reader: BerReader): IntermediateResponse {
  const outer = reader.enter(INTERMEDIATE_RESPONSE)
  const named = readNamed(reader, REQUEST_NAME, REQUEST_VALUE)
  reader.leaveRest(outer)
  return { type: 'intermediate', ...named }
}
