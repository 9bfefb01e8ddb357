/** The letters of Java's SimpleDateFormat that stand for numbers. */
const fields = { y: 'year', M: 'month', d: 'day', H: 'hour', m: 'minute', s: 'second', S: 'millisecond' }

/**
 * Reads a date by a pattern of SimpleDateFormat (`dd/MM/yyyy`, `yyyyMMddHHmmss'Z'`), in the time zone of the process. Numbers that touch have the width of
 * their pattern, others any. Unlike Java, 31/02 is an error and not the 3rd of March. What follows the pattern is left out.
 */
export function parseJavaDate(text, pattern) {
  const { expression, names } = readPattern(pattern)
  const found = expression.exec(text)
  if (found === null) throw new RangeError(`a date of the form ${pattern} is wanted`)
  const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 }
  for (const [index, name] of names.entries()) parts[name] = Number(found[index + 1])
  if (/(?<!y)yy(?!y)/.test(pattern) && parts.year < 100) parts.year += century(parts.year)
  const date = new Date(
    parts.year,
    parts.month - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
    parts.millisecond,
  )
  if (date.getMonth() !== parts.month - 1 || date.getDate() !== parts.day)
    throw new RangeError('there is no such day')
  return date
}

/** Writes a date by the same patterns. */
export function formatJavaDate(date, pattern) {
  const parts = {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    millisecond: date.getMilliseconds(),
  }
  return piecesOf(pattern)
    .map(({ field, text }) => {
      if (field === undefined) return text
      const number = field === 'year' && text.length === 2 ? parts.year % 100 : parts[field]
      return String(number).padStart(text.length, '0')
    })
    .join('')
}

/** Java's rule for two digits: within 80 years before and 20 after now. */
function century(year) {
  const present = new Date().getFullYear()
  const guess = present - (present % 100)
  if (guess + year > present + 20) return guess - 100
  return guess + year < present - 80 ? guess + 100 : guess
}

function readPattern(pattern) {
  const pieces = piecesOf(pattern)
  const source = pieces.map(({ field, text }, index) => {
    if (field === undefined) return literal(text)
    return pieces[index + 1]?.field === undefined ? '(\\d+)' : `(\\d{${text.length}})`
  })
  const names = pieces.map(({ field }) => field).filter((field) => field !== undefined)
  return { expression: new RegExp(`^\\s*${source.join('')}`), names }
}

/** Letters with the field that they stand for; the rest is literal text. */
function piecesOf(pattern) {
  const pieces = pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? []
  return pieces.map((piece) => {
    if (piece === "''") return { text: "'" }
    if (piece.startsWith("'")) return { text: piece.slice(1, -1).replaceAll("''", "'") }
    if (!/[A-Za-z]/.test(piece)) return { text: piece }
    const field = fields[piece[0]]
    if (field === undefined) throw new RangeError(`${piece} in a date pattern is not known here`)
    return { field, text: piece }
  })
}

function literal(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
