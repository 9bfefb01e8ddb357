import type { Locale } from '../../src/messages/message.ts'

/**
 * Writes lines of a CSV (RFC 4180) that spreadsheets of the reader's country open: UTF-8 with a byte order mark before the head, `;` in French.
 * Cells that a spreadsheet would take for a formula are made text.
 */
export function csvWriter(locale: Locale): {
  head(cells: readonly string[]): string
  line(cells: readonly string[]): string
} {
  const separator = locale === 'fr' ? ';' : ','
  const line = (cells: readonly string[]) => csvLine(cells, separator)
  return { head: (cells) => `\ufeff${line(cells)}`, line }
}

/** One line of a CSV, its cells made harmless. */
export function csvLine(cells: readonly string[], separator: string): string {
  return `${cells.map((cell) => quote(harmless(cell))).join(separator)}\r\n`
}

/** A spreadsheet takes a cell that begins like this for a formula, which may run programs: the apostrophe makes it text. */
function harmless(cell: string): string {
  return /^\s*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

function quote(cell: string): string {
  return /[",;\r\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
