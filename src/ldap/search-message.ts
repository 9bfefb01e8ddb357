import { ENUMERATED, OCTET_STRING, SEQUENCE, SET } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import type { Control } from './control.ts'
import type { Entry } from './entry.ts'
import { protocolFailure } from './failure.ts'
import type { Filter } from './filter.ts'
import { readFilter, writeFilter } from './filter-codec.ts'
import type { Result } from './result.ts'
import { readResult, readTexts, writeResult } from './result-codec.ts'
import { checkAttributes, type FoundEntry, WireEntry } from './wire-entry.ts'

export const SEARCH_REQUEST = 0x63
export const SEARCH_ENTRY = 0x64
export const SEARCH_DONE = 0x65
export const SEARCH_REFERENCE = 0x73

const SCOPES = ['base', 'one', 'sub', 'children'] as const
const DEREF_ALIASES = ['never', 'searching', 'finding', 'always'] as const

/** `children` is draft-sermersheim-ldap-subordinate-scope: the subtree without its base. */
export type Scope = (typeof SCOPES)[number]
export type DerefAliases = (typeof DEREF_ALIASES)[number]

/** RFC 4511, 4.5.1. Limits of 0 are no limit; `timeLimit` is in seconds. */
export type SearchRequest = {
  readonly type: 'search'
  readonly base: string
  readonly scope: Scope
  readonly derefAliases: DerefAliases
  readonly sizeLimit: number
  readonly timeLimit: number
  readonly typesOnly: boolean
  readonly filter: Filter
  readonly attributes: readonly string[]
}

export type SearchEntry = { readonly type: 'entry'; readonly entry: FoundEntry }
export type SearchReference = { readonly type: 'reference'; readonly uris: readonly string[] }
export type SearchDone = { readonly type: 'searchDone'; readonly result: Result }

export function writeSearchRequest(writer: BerWriter, request: SearchRequest): void {
  const search = writer.begin(SEARCH_REQUEST)
  writer.text(request.base)
  writer.enumerated(SCOPES.indexOf(request.scope))
  writer.enumerated(DEREF_ALIASES.indexOf(request.derefAliases))
  writer.integer(request.sizeLimit)
  writer.integer(request.timeLimit)
  writer.boolean(request.typesOnly)
  writeFilter(writer, request.filter)
  const list = writer.begin(SEQUENCE)
  for (const attribute of request.attributes) writer.text(attribute)
  writer.end(list)
  writer.end(search)
}

export function readSearchRequest(reader: BerReader): SearchRequest {
  const outer = reader.enter(SEARCH_REQUEST)
  const base = reader.text()
  const scope = SCOPES[reader.integer(ENUMERATED)]
  const derefAliases = DEREF_ALIASES[reader.integer(ENUMERATED)]
  const sizeLimit = reader.integer()
  const timeLimit = reader.integer()
  const typesOnly = reader.boolean()
  if (scope === undefined || derefAliases === undefined)
    throw protocolFailure('unknown scope or alias handling')
  if (sizeLimit < 0 || timeLimit < 0) throw protocolFailure('negative limit')
  const filter = readFilter(reader)
  const attributes = readTexts(reader, SEQUENCE)
  reader.leave(outer)
  return { type: 'search', base, scope, derefAliases, sizeLimit, timeLimit, typesOnly, filter, attributes }
}

export function writeSearchEntry(writer: BerWriter, entry: Entry): void {
  const element = writer.begin(SEARCH_ENTRY)
  writer.text(entry.dn)
  const list = writer.begin(SEQUENCE)
  for (const { name, values } of entry.attributes.values()) {
    const attribute = writer.begin(SEQUENCE)
    writer.text(name)
    const set = writer.begin(SET)
    for (const value of values) writer.bytes(value)
    writer.end(set)
    writer.end(attribute)
  }
  writer.end(list)
  writer.end(element)
}

export function readSearchEntry(reader: BerReader, controls: readonly Control[]): SearchEntry {
  const outer = reader.enter(SEARCH_ENTRY)
  const dn = reader.text(OCTET_STRING)
  const list = reader.enter(SEQUENCE)
  const start = reader.offset
  checkAttributes(reader)
  const end = reader.offset
  reader.leave(list)
  reader.leave(outer)
  return { type: 'entry', entry: new WireEntry(dn, reader.buffer, start, end, controls) }
}

export function writeSearchReference(writer: BerWriter, reference: SearchReference): void {
  const element = writer.begin(SEARCH_REFERENCE)
  for (const uri of reference.uris) writer.text(uri)
  writer.end(element)
}

export function readSearchReference(reader: BerReader): SearchReference {
  return { type: 'reference', uris: readTexts(reader, SEARCH_REFERENCE) }
}

export function writeSearchDone(writer: BerWriter, done: SearchDone): void {
  const element = writer.begin(SEARCH_DONE)
  writeResult(writer, done.result)
  writer.end(element)
}

export function readSearchDone(reader: BerReader): SearchDone {
  const outer = reader.enter(SEARCH_DONE)
  const result = readResult(reader)
  reader.leaveRest(outer)
  return { type: 'searchDone', result }
}
