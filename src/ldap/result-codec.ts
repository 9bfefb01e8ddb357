import { ENUMERATED } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'
import type { Result } from './result.ts'

const REFERRAL = 0xa3
const NO_REFERRALS: readonly string[] = []

/** The components of LDAPResult (RFC 4511, 4.1.9), inside the element of whichever response carries them. */
export function writeResult(writer: BerWriter, result: Result): void {
  writer.enumerated(result.code)
  writer.text(result.matchedDn)
  writer.text(result.diagnostic)
  if (result.referrals.length === 0) return
  const list = writer.begin(REFERRAL)
  for (const uri of result.referrals) writer.text(uri)
  writer.end(list)
}

export function readResult(reader: BerReader): Result {
  const code = reader.integer(ENUMERATED)
  const matchedDn = reader.text()
  const diagnostic = reader.text()
  const referrals = reader.peek() === REFERRAL ? readTexts(reader, REFERRAL) : NO_REFERRALS
  return { code, matchedDn, diagnostic, referrals }
}

/** A SEQUENCE OF or SET OF octet strings, as text. */
export function readTexts(reader: BerReader, tag: number): string[] {
  const texts: string[] = []
  const outer = reader.enter(tag)
  while (reader.more) texts.push(reader.text())
  reader.leave(outer)
  return texts
}
