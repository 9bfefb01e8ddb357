import type { Control } from './control.ts'
import type { Entry } from './entry.ts'
import { ldifLines } from './ldif-lines.ts'
import { readRecord } from './ldif-record.ts'
import type { AddRequest, DeleteRequest, ModifyDnRequest, ModifyRequest } from './update-message.ts'

export type LdifChange = AddRequest<Buffer> | DeleteRequest | ModifyRequest<Buffer> | ModifyDnRequest

/** One record of an LDIF (RFC 2849), an entry or a change, and the line of its `dn:`. */
export type LdifRecord =
  | { readonly line: number; readonly entry: Entry }
  | { readonly line: number; readonly change: LdifChange; readonly controls: readonly Control[] }

export type LdifOptions = {
  /** Reads what `name:< url` points to. Without it such values are refused: an LDIF must not choose the files we read. */
  readUrl?: (url: string) => Buffer
}

/** Reads records one by one from chunks of bytes (a file stream, a socket). Throws LdapSyntaxError with the line number. */
export async function* readLdif(
  chunks: AsyncIterable<Buffer | string> | Iterable<Buffer | string>,
  options: LdifOptions = {},
): AsyncGenerator<LdifRecord> {
  const lines = ldifLines()
  for await (const chunk of chunks) {
    for (const record of lines.push(chunk)) yield readRecord(record, options)
  }
  for (const record of lines.end()) yield readRecord(record, options)
}

/** Reads a whole LDIF that is in memory. Throws LdapSyntaxError with the line number. */
export function parseLdif(text: Buffer | string, options: LdifOptions = {}): LdifRecord[] {
  const lines = ldifLines()
  return [...lines.push(text), ...lines.end()].map((record) => readRecord(record, options))
}
