import { ENUMERATED, OCTET_STRING, SEQUENCE, SET } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import { protocolFailure } from './failure.ts'

export const MODIFY_REQUEST = 0x66
export const ADD_REQUEST = 0x68
export const DELETE_REQUEST = 0x4a
export const MODIFY_DN_REQUEST = 0x6c
export const COMPARE_REQUEST = 0x6e

const NEW_SUPERIOR = 0x80
const CHANGES = ['add', 'delete', 'replace', 'increment'] as const

/** A value to write: text goes as UTF-8. What is read back from a message is always bytes. */
export type Value = string | Buffer

/** One step of a modify: `delete` without values removes the attribute, `increment` is RFC 4525. */
export type Change<V extends Value = Value> = {
  readonly operation: (typeof CHANGES)[number]
  readonly attribute: string
  readonly values: readonly V[]
}

export type NewAttribute<V extends Value = Value> = { readonly name: string; readonly values: readonly V[] }

export type ModifyRequest<V extends Value = Value> = {
  readonly type: 'modify'
  readonly dn: string
  readonly changes: readonly Change<V>[]
}
export type AddRequest<V extends Value = Value> = {
  readonly type: 'add'
  readonly dn: string
  readonly attributes: readonly NewAttribute<V>[]
}
export type DeleteRequest = { readonly type: 'delete'; readonly dn: string }
export type ModifyDnRequest = {
  readonly type: 'modifyDn'
  readonly dn: string
  readonly newRdn: string
  readonly deleteOldRdn: boolean
  readonly newSuperior?: string
}
export type CompareRequest<V extends Value = Value> = {
  readonly type: 'compare'
  readonly dn: string
  readonly attribute: string
  readonly value: V
}

function writeAttribute(writer: BerWriter, name: string, values: readonly Value[]): void {
  const attribute = writer.begin(SEQUENCE)
  writer.text(name)
  const set = writer.begin(SET)
  for (const value of values) writer.value(value)
  writer.end(set)
  writer.end(attribute)
}

function readAttribute(reader: BerReader): NewAttribute<Buffer> {
  const outer = reader.enter(SEQUENCE)
  const name = reader.text()
  const set = reader.enter(SET)
  const values: Buffer[] = []
  while (reader.more) values.push(reader.bytes())
  reader.leave(set)
  reader.leave(outer)
  return { name, values }
}

export function writeModifyRequest(writer: BerWriter, request: ModifyRequest): void {
  const modify = writer.begin(MODIFY_REQUEST)
  writer.text(request.dn)
  const list = writer.begin(SEQUENCE)
  for (const { operation, attribute, values } of request.changes) {
    const change = writer.begin(SEQUENCE)
    writer.enumerated(CHANGES.indexOf(operation))
    writeAttribute(writer, attribute, values)
    writer.end(change)
  }
  writer.end(list)
  writer.end(modify)
}

export function readModifyRequest(reader: BerReader): ModifyRequest<Buffer> {
  const outer = reader.enter(MODIFY_REQUEST)
  const dn = reader.text()
  const changes: Change<Buffer>[] = []
  const list = reader.enter(SEQUENCE)
  while (reader.more) changes.push(readChange(reader))
  reader.leave(list)
  reader.leave(outer)
  return { type: 'modify', dn, changes }
}

function readChange(reader: BerReader): Change<Buffer> {
  const outer = reader.enter(SEQUENCE)
  const operation = CHANGES[reader.integer(ENUMERATED)]
  if (operation === undefined) throw protocolFailure('modification of an unknown kind')
  const { name, values } = readAttribute(reader)
  reader.leave(outer)
  return { operation, attribute: name, values }
}

export function writeAddRequest(writer: BerWriter, request: AddRequest): void {
  const add = writer.begin(ADD_REQUEST)
  writer.text(request.dn)
  const list = writer.begin(SEQUENCE)
  for (const { name, values } of request.attributes) writeAttribute(writer, name, values)
  writer.end(list)
  writer.end(add)
}

export function readAddRequest(reader: BerReader): AddRequest<Buffer> {
  const outer = reader.enter(ADD_REQUEST)
  const dn = reader.text()
  const attributes: NewAttribute<Buffer>[] = []
  const list = reader.enter(SEQUENCE)
  while (reader.more) attributes.push(readAttribute(reader))
  reader.leave(list)
  reader.leave(outer)
  return { type: 'add', dn, attributes }
}

export function writeDeleteRequest(writer: BerWriter, request: DeleteRequest): void {
  writer.text(request.dn, DELETE_REQUEST)
}

export function readDeleteRequest(reader: BerReader): DeleteRequest {
  return { type: 'delete', dn: reader.text(DELETE_REQUEST) }
}

export function writeModifyDnRequest(writer: BerWriter, request: ModifyDnRequest): void {
  const modifyDn = writer.begin(MODIFY_DN_REQUEST)
  writer.text(request.dn)
  writer.text(request.newRdn)
  writer.boolean(request.deleteOldRdn)
  if (request.newSuperior !== undefined) writer.text(request.newSuperior, NEW_SUPERIOR)
  writer.end(modifyDn)
}

export function readModifyDnRequest(reader: BerReader): ModifyDnRequest {
  const outer = reader.enter(MODIFY_DN_REQUEST)
  const dn = reader.text()
  const newRdn = reader.text()
  const deleteOldRdn = reader.boolean()
  const superior = reader.peek() === NEW_SUPERIOR ? { newSuperior: reader.text(NEW_SUPERIOR) } : {}
  reader.leave(outer)
  return { type: 'modifyDn', dn, newRdn, deleteOldRdn, ...superior }
}

export function writeCompareRequest(writer: BerWriter, request: CompareRequest): void {
  const compare = writer.begin(COMPARE_REQUEST)
  writer.text(request.dn)
  const assertion = writer.begin(SEQUENCE)
  writer.text(request.attribute)
  writer.value(request.value)
  writer.end(assertion)
  writer.end(compare)
}

export function readCompareRequest(reader: BerReader): CompareRequest<Buffer> {
  const outer = reader.enter(COMPARE_REQUEST)
  const dn = reader.text()
  const assertion = reader.enter(SEQUENCE)
  const attribute = reader.text()
  const value = reader.bytes(OCTET_STRING)
  reader.leave(assertion)
  reader.leave(outer)
  return { type: 'compare', dn, attribute, value }
}
