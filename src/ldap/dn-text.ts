import type { Ava, Rdn } from './dn.ts'
import { LdapSyntaxError } from './syntax-error.ts'

// Spaces around `=`, `,` and `+` are not in RFC 4514, but in RFC 2253 and in what people write.
const name = / *([A-Za-z][A-Za-z0-9_;-]*|\d+(?:\.\d+)+) *= */y
const hexadecimal = /#((?:[0-9a-f]{2})+) */iy
const string = /(?:[^\\",+;<>\0]|\\(?:[0-9a-f]{2}|[\\",+;<>=# ]))*/iy

/** Reads the string form of RFC 4514. Throws LdapSyntaxError. */
export function parseDnText(text: string): readonly Rdn[] {
  const rdns: Rdn[] = []
  let rdn: Ava[] = []
  if (text.trim() === '') return rdns
  for (let at = 0; ;) {
    const attribute = match(name, text, at)?.[1]
    if (attribute === undefined) throw fault('expected type=', at)
    at = name.lastIndex
    const [value, end] = readValue(text, at)
    rdn.push({ attribute, value })
    const separator = text[end]
    if (separator !== '+') {
      rdns.push(rdn)
      rdn = []
    }
    if (separator === undefined) return rdns
    if (separator !== ',' && separator !== '+') throw fault('a character that must be escaped', end)
    at = end + 1
  }
}

function readValue(text: string, at: number): [Buffer, number] {
  if (text[at] === '#') {
    const hex = match(hexadecimal, text, at)?.[1]
    if (hex === undefined) throw fault('expected hexadecimal digits', at)
    return [contentOf(Buffer.from(hex, 'hex'), at), hexadecimal.lastIndex]
  }
  const raw = match(string, text, at)?.[0] ?? ''
  return [unescape(raw), at + raw.length]
}

function unescape(raw: string): Buffer {
  const trimmed = raw.endsWith(' ') ? trimEnd(raw) : raw
  if (!trimmed.includes('\\')) return Buffer.from(trimmed)
  const parts = trimmed.match(/(?:\\[0-9a-f]{2})+|\\.|[^\\]+/gi) ?? []
  return Buffer.concat(
    parts.map((part) => {
      if (part[0] !== '\\') return Buffer.from(part)
      return part.length === 2 ? Buffer.from(part.slice(1)) : Buffer.from(part.replaceAll('\\', ''), 'hex')
    }),
  )
}

/** Drops spaces at the end, but not an escaped one. */
function trimEnd(raw: string): string {
  const kept = raw.trimEnd()
  const backslashes = /\\*$/.exec(kept)?.[0].length ?? 0
  // An odd number: the last backslash escapes the space that follows; pairs before it are `\\`.
  return backslashes % 2 === 1 ? `${kept} ` : kept
}

/** `#` announces the BER encoding of the value (RFC 4514, 2.4); what counts is the string in it. */
function contentOf(ber: Buffer, at: number): Buffer {
  const short = ber[1] ?? 0
  const lengthBytes = short < 0x80 ? 0 : short - 0x80
  const content = ber.subarray(2 + lengthBytes)
  if (ber.length >= 2 + lengthBytes && lengthBytes <= 4) {
    const length = lengthBytes === 0 ? short : ber.readUIntBE(2, lengthBytes)
    if (content.length === length) return content
  }
  throw fault('not the BER encoding of a value', at)
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function fault(message: string, at: number): LdapSyntaxError {
  return new LdapSyntaxError('dn', `${message} at character ${at + 1}`)
}
