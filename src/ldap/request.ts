import { BerReader, SEQUENCE } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import { BIND_REQUEST, type BindRequest, readBindRequest, writeBindRequest } from './bind-message.ts'
import { type Control, readControls, writeControls } from './control.ts'
import {
  EXTENDED_REQUEST,
  type ExtendedRequest,
  readExtendedRequest,
  writeExtendedRequest,
} from './extended-message.ts'
import { protocolFailure } from './failure.ts'
import {
  readSearchRequest,
  SEARCH_REQUEST,
  type SearchRequest,
  writeSearchRequest,
} from './search-message.ts'
import * as update from './update-message.ts'

const UNBIND_REQUEST = 0x42
const ABANDON_REQUEST = 0x50

export type UnbindRequest = { readonly type: 'unbind' }
export type AbandonRequest = { readonly type: 'abandon'; readonly messageId: number }

/** Every request of LDAPv3. `V` is what values may be: text or bytes to write, bytes when read. */
export type Request<V extends update.Value = update.Value> =
  | BindRequest
  | UnbindRequest
  | SearchRequest
  | update.ModifyRequest<V>
  | update.AddRequest<V>
  | update.DeleteRequest
  | update.ModifyDnRequest
  | update.CompareRequest<V>
  | AbandonRequest
  | ExtendedRequest

export type RequestMessage = {
  readonly id: number
  readonly request: Request<Buffer>
  readonly controls: readonly Control[]
}

/** Writes the whole message: envelope, request, controls. */
export function writeRequest(
  writer: BerWriter,
  id: number,
  request: Request,
  controls: readonly Control[],
): void {
  const envelope = writer.begin(SEQUENCE)
  writer.integer(id)
  writeOperation(writer, request)
  writeControls(writer, controls)
  writer.end(envelope)
}

function writeOperation(writer: BerWriter, request: Request): void {
  switch (request.type) {
    case 'search':
      return writeSearchRequest(writer, request)
    case 'bind':
      return writeBindRequest(writer, request)
    case 'modify':
      return update.writeModifyRequest(writer, request)
    case 'add':
      return update.writeAddRequest(writer, request)
    case 'delete':
      return update.writeDeleteRequest(writer, request)
    case 'modifyDn':
      return update.writeModifyDnRequest(writer, request)
    case 'compare':
      return update.writeCompareRequest(writer, request)
    case 'extended':
      return writeExtendedRequest(writer, request)
    case 'abandon':
      return writer.integer(request.messageId, ABANDON_REQUEST)
    case 'unbind':
      return writer.text('', UNBIND_REQUEST)
  }
}

/** Reads a message from a client, whole in `buffer[start, end)`. Throws an `LdapFailure` of kind `protocol`. */
export function readRequest(buffer: Buffer, start = 0, end = buffer.length): RequestMessage {
  const reader = new BerReader(buffer, start, end)
  const outer = reader.enter(SEQUENCE)
  const id = reader.integer()
  if (id < 0) throw protocolFailure('negative message id')
  const request = readOperation(reader)
  const controls = readControls(reader)
  reader.leaveRest(outer)
  if (reader.more) throw protocolFailure('bytes behind the message')
  return { id, request, controls }
}

function readOperation(reader: BerReader): Request<Buffer> {
  const tag = reader.peek()
  switch (tag) {
    case SEARCH_REQUEST:
      return readSearchRequest(reader)
    case BIND_REQUEST:
      return readBindRequest(reader)
    case update.MODIFY_REQUEST:
      return update.readModifyRequest(reader)
    case update.ADD_REQUEST:
      return update.readAddRequest(reader)
    case update.DELETE_REQUEST:
      return update.readDeleteRequest(reader)
    case update.MODIFY_DN_REQUEST:
      return update.readModifyDnRequest(reader)
    case update.COMPARE_REQUEST:
      return update.readCompareRequest(reader)
    case EXTENDED_REQUEST:
      return readExtendedRequest(reader)
    case ABANDON_REQUEST:
      return { type: 'abandon', messageId: reader.integer(ABANDON_REQUEST) }
    case UNBIND_REQUEST:
      reader.bytes(UNBIND_REQUEST)
      return { type: 'unbind' }
    default:
      throw protocolFailure(`unknown request 0x${tag.toString(16)}`)
  }
}
