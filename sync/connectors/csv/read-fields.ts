/** The columns of one record, or what is wrong with it. `open`: the column with a quote that goes on in the next line. From 1. */
export type ReadFields =
  | { readonly fields: string[] }
  | { readonly open: number }
  | { readonly column: number; readonly fault: string }

export type CsvForm = { readonly delimiter: string; readonly quote: string }

/**
 * Cuts a record into its columns (RFC 4180). A quote within a column that does not begin with one stands for itself, as people and
 * spreadsheets write it: `12" screen`.
 */
export function readFields(text: string, { delimiter, quote }: CsvForm): ReadFields {
  if (quote === '' || !text.includes(quote)) return { fields: text.split(delimiter) }
  const fields: string[] = []
  for (let start = 0; ;) {
    const opening = skipSpaces(text, start)
    let end = text.indexOf(delimiter, start)
    if (text[opening] === quote) {
      const closing = closingQuote(text, opening + 1, quote)
      if (closing < 0) return { open: fields.length + 1 }
      fields.push(text.slice(opening + 1, closing).replaceAll(quote + quote, quote))
      end = skipSpaces(text, closing + 1)
      if (end === text.length) return { fields }
      if (text[end] !== delimiter) return { column: fields.length, fault: 'text after the closing quote' }
    } else fields.push(text.slice(start, end < 0 ? undefined : end))
    if (end < 0) return { fields }
    start = end + 1
  }
}

/** A doubled quote is one of the value. */
function closingQuote(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from)
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2)
  return at
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}
