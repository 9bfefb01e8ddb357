import { DateUtils } from './date-utils.js'
import { parseJavaDate } from './java-date-format.js'

let generate

/** `length`: of the password. */
export function lendRandomness(password) {
  generate = password
}

const letters = 'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u017f\\u1e00-\\u1eff'

/** LSC's filters for French names, numbers and identifiers. Those that check throw for what does not pass. */
export const FrenchFilters = {
  removeBadChars: (text) => String(text).normalize('NFD').replace(/\p{M}/gu, ''),
  filterRegexp(text, expressions, replacements) {
    if (expressions.length !== replacements.length) return text
    return expressions.reduce(
      (result, expression, index) => result.replace(new RegExp(expression, 'g'), replacements[index]),
      text,
    )
  },
  /** Eight digits are of Paris before 1996, ten begin with the 0 of a national number. */
  filterPhone(text) {
    const digits = text.replace(/[- ./+();:_,]/g, '')
    if (digits.length === 8) return `331${digits}`
    return digits.length === 10 ? `33${digits.slice(1)}` : digits
  },
  toUpperCaseAllBeginningNames: (text) =>
    text.toLowerCase().replace(/(^|[ '"_-])(.)/g, (_, before, letter) => before + letter.toUpperCase()),
  filterName(text) {
    const name = text.trim().replaceAll('.', '-').toLowerCase()
    return name.replace(/-+$/, '') || 'UNKNOWN'
  },
  filterSn: (text) => checkedName(text, new RegExp(`^[${letters}'"\\s,._-]+$`)),
  filterLastName: (text) => checkedName(text, new RegExp(`^[${letters}\\s'"-]+$`)),
  filterGivenName: (text) => checkedName(text, new RegExp(`^[${letters}' -]+$`)),
  filterStringRegExp: (text, expression) => checkedName(text, new RegExp(`^(?:${expression})$`)),
  filterAlpha: (text) => checked(text.trim(), /^[A-Za-z0-9]+$/),
  filterNumber: (text) => String(Number(checked(String(text), /^[+-]?\d+$/))),
  filterLengthString: (text, length) =>
    FrenchFilters.removeBadChars(FrenchFilters.filterName(text).replace(/[ '"-]/g, '')).slice(0, length),
  filterUid: (text) => FrenchFilters.filterLengthString(text, 14),
  filterShortUid: (text) => FrenchFilters.filterLengthString(text, 8),
  filterDate: (text, format) => DateUtils.format(parseJavaDate(text.trim(), format)),
  generatePwd: () => generate(8),
}

function checkedName(text, expression) {
  return checked(FrenchFilters.toUpperCaseAllBeginningNames(FrenchFilters.filterName(text)), expression)
}

function checked(text, expression) {
  if (!expression.test(text)) throw new RangeError('there is a character that is not accepted')
  return text
}
