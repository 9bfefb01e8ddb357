/** Letters that NFKD leaves whole, as people type them on a keyboard that lacks them. */
const spelledOut: Readonly<Record<string, string>> = {
  œ: 'oe',
  ς: 'σ',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ə: 'e',
}
const special = new RegExp(`[${Object.keys(spelledOut).join('')}]`, 'gu')
// U+02B0-02FF are letters to Unicode, and apostrophes to people (ʼ, ʻ, ʹ).
const word = /(?:(?![\u02b0-\u02ff])[\p{L}\p{N}])+/gu
const asciiWord = /[a-z0-9]+/g
const ascii = /^[\x00-\x7f]*$/

/**
 * The form in which texts are compared: lower case, no accents, ligatures and barred letters spelled out, every run of punctuation,
 * hyphens, apostrophes and spaces (no-break ones too) one space. `Jean-Noël D’HERVÉ` gives `jean noel d herve`.
 */
export function fold(text: string): string {
  return foldWords(text).join(' ')
}

/** The words of the folded text, `[]` when it has none. */
export function foldWords(text: string): string[] {
  if (ascii.test(text)) return text.toLowerCase().match(asciiWord) ?? []
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(special, spellOut)
  return letters.match(word) ?? []
}

function spellOut(letter: string): string {
  return spelledOut[letter] ?? letter
}
