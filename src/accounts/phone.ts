import parsePhoneNumber, { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min'

/** Reads a phone number as it is written in a directory, to the digits by which it is known. */
export type ReadPhone = (text: string) => string

/** The leading digits that decide how a number is read, with its length. */
const decisive = 6
const mostRules = 10_000

/**
 * A reader for a country: numbers written without a country code belong to it (ISO 3166; a RangeError when it has no numbering plan).
 *
 * The digits are those dialled inside the number's country, a space, those dialled from abroad without the `+`:
 * `0477000001 33477000001` for `+33 4 77 00 00 01`. What is no phone number, an internal extension for one, gives its bare digits.
 */
export function createPhoneReader(country: string): ReadPhone {
  const code = country.toUpperCase()
  if (!isSupportedCountry(code)) throw new RangeError(`no phone numbering plan of country ${country}`)
  // The library takes 5 µs for a number. Numbers that begin alike and are as long are read alike, so it is asked once for those.
  const rules = new Map<string, Rule>()
  return (text) => {
    const digits = digitsOf(text)
    const known = /^[+0-9\s().-]*$/.test(text)
      ? `${text.includes('+') ? '+' : ''}${digits.length} ${digits.slice(0, decisive)}`
      : ''
    const rule = rules.get(known)
    if (rule) return applyRule(rule, digits)
    const read = readByLibrary(text, code)
    const learned = learnRule(digits, read)
    if (learned && known !== '' && rules.size < mostRules) rules.set(known, learned)
    return read
  }
}

/** What to look for in the digits of numbers when these were typed: as they are, and as dialled from abroad (00 33 ...). */
export function phoneNeedles(digits: string): string[] {
  return digits.startsWith('00') && digits.length > 6 ? [digits, ` ${digits.slice(2)}`] : [digits]
}

/** Drops the national prefix that people show beside the country code: `+33 (0)4 77` gives `+33 4 77`. */
export function withoutTrunkPrefix(text: string): string {
  return text.replaceAll(/\(\s*0\s*\)/g, ' ')
}

/** How many leading digits to drop, and what to put before the rest: inside the country, from abroad. */
type Rule = { drop: number; inside: string; abroad: string }

function applyRule({ drop, inside, abroad }: Rule, digits: string): string {
  const rest = digits.slice(drop)
  return `${inside}${rest} ${abroad}${rest}`
}

function learnRule(digits: string, read: string): Rule | null {
  const [inside = '', abroad] = read.split(' ')
  if (abroad === undefined) return null
  for (let drop = 0; drop <= decisive; drop++) {
    const rest = digits.slice(drop)
    if (inside.endsWith(rest) && abroad.endsWith(rest)) {
      return { drop, inside: inside.slice(0, -rest.length), abroad: abroad.slice(0, -rest.length) }
    }
  }
  return null
}

function readByLibrary(text: string, country: CountryCode): string {
  // `04 77 00 00 01 poste 12`: the library knows extensions in English only.
  const beforeLetters = text.split(/\p{L}/u, 1)[0] ?? ''
  const number = parsePhoneNumber(text, country) ?? parsePhoneNumber(beforeLetters, country)
  if (number?.isPossible() !== true) return digitsOf(text)
  return `${digitsOf(number.formatNational())} ${digitsOf(number.number)}`
}

const digitsOf = (text: string) => text.replaceAll(/[^0-9]+/g, '')
