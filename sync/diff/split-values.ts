import type { Value, Values } from '../record.ts'

/** Splits each text on every character of `delimiter`; empty parts are dropped, blanks stay, bytes are left alone (LSC, `dataset/delimiter`). */
export function splitValues(values: Values, delimiter: string): Values {
  if (delimiter === '' || !values.some((value) => isSplit(value, delimiter))) return values
  return values.flatMap<Value>((value) => (typeof value === 'string' ? splitText(value, delimiter) : [value]))
}

function isSplit(value: Value, delimiter: string): boolean {
  return typeof value === 'string' && Array.from(delimiter).some((character) => value.includes(character))
}

function splitText(text: string, delimiter: string): string[] {
  let parts = [text]
  for (const character of delimiter) parts = parts.flatMap((part) => part.split(character))
  return parts.filter((part) => part !== '')
}
