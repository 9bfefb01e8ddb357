import { generalizedTime } from './date.js'

/** LSC's dates: generalized time in UTC, with or without a fraction. */
export const DateUtils = {
  parse(text) {
    const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,](\d+))?Z$/.exec(text)
    if (found === null) throw new RangeError('a date of the form yyyyMMddHHmmssZ is wanted')
    const [, year, month, day, hour, minute, second, fraction = '0'] = found
    const date = new Date(
      `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`,
    )
    if (Number.isNaN(date.getTime())) throw new RangeError('there is no such day')
    return date
  },
  /** With tenths of a second, as LSC writes it: `20261125101500.0Z`. */
  format: (date) => generalizedTime(date).replace('Z', `.${Math.floor(date.getUTCMilliseconds() / 100)}Z`),
  simpleFormat: (date) => generalizedTime(date),
}
