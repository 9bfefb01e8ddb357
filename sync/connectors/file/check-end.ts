import { IncompleteSource } from '../connector.ts'

/** Throws IncompleteSource when a file was cut off, as far as that can be seen. `cut`: what the file ends in, when not after a line end. */
export function checkEnd(
  cut: 'line' | 'quotes' | null,
  records: number,
  end: { readonly newline: boolean; readonly minimum: number },
): void {
  if (cut === 'quotes') throw new IncompleteSource('truncated', 'the file ends within quotes: it was cut off')
  if (cut === 'line' && end.newline)
    throw new IncompleteSource(
      'truncated',
      'the last line has no line end, so that it may be cut off; `end.newline: false` when its producer never writes that one',
    )
  if (records < end.minimum)
    throw new IncompleteSource(
      'truncated',
      `the file has ${records} records; \`end.minimum\` is ${end.minimum}`,
    )
}
