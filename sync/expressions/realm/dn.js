import { hexText } from './bytes.js'

/** A value as it stands in a DN (RFC 4514 section 2.4). */
export function escapeRdn(value) {
  if (value instanceof Uint8Array) return `#${hexText(value)}`
  return String(value)
    .replace(/[\\,=+<>#;"]/g, '\\$&')
    .replace(/\0/g, '\\00')
    .replace(/^ +| +$/g, (spaces) => spaces.replace(/ /g, '\\ '))
}

/** dn`uid=${source.uid},ou=people,dc=example`: what stands after a `=` is escaped as a value, what stands between commas is part of a DN already. */
export function dn(strings, ...holes) {
  const isValue = valuesIn(strings.raw)
  return strings.raw.reduce((text, piece, index) => {
    const hole = holes[index - 1]
    return text + (isValue[index - 1] ? escapeRdn(hole) : String(hole)) + piece
  })
}

/** Which of the holes between these pieces are values. */
export function valuesIn(pieces) {
  let rdn = ''
  return pieces.slice(0, -1).map((piece) => {
    rdn = lastRdn(rdn + piece)
    const isValue = rdn.includes('=')
    rdn += '?'
    return isValue
  })
}

function lastRdn(literal) {
  return literal.replace(/^.*(?<!\\),/s, '')
}
