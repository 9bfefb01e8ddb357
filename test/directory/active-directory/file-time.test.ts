import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dateOf,
  fileTimeOf,
  intervalOf,
  largeInteger,
  NEVER,
} from '../../../src/directory/active-directory/file-time.ts'

describe('a Windows file time', () => {
  it.each([
    ['2026-12-31T00:00:00Z', 134_431_488_000_000_000n],
    ['1970-01-01T00:00:00Z', 116_444_736_000_000_000n],
    ['1601-01-01T00:00:00Z', 0n],
  ])('of %s is %s', (date, expected) => {
    expect(fileTimeOf(new Date(date))).toBe(expected)
  })

  it('is the same instant in UTC there and back, whatever the time zone', () => {
    const date = fc.date({
      min: new Date('1601-01-02T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (instant) => {
        expect(dateOf(fileTimeOf(instant))).toEqual(instant)
      }),
    )
  })

  it('is cut to whole milliseconds', () => {
    expect(dateOf(134_431_488_000_019_999n)).toEqual(new Date('2026-12-31T00:00:00.001Z'))
  })

  it.each([[0n], [NEVER], [-5n], [undefined]])('has no date for %s', (value) => {
    expect(dateOf(value)).toBeUndefined()
  })
})

describe('a 64-bit number', () => {
  it.each([
    ['9223372036854775807', NEVER],
    ['-9223372036854775808', -(2n ** 63n)],
    ['0', 0n],
    ['', undefined],
    ['1.5', undefined],
    ['12 ', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, expected) => {
    expect(largeInteger(text)).toBe(expected)
  })
})

describe('an interval of a policy', () => {
  it.each([
    ['half an hour', -18_000_000_000n, 1_800_000],
    ['without an end', -(2n ** 63n), undefined],
    ['zero, which has none either', 0n, undefined],
    ['that is missing', undefined, undefined],
  ])('%s', (_name, value, expected) => {
    expect(intervalOf(value)).toBe(expected)
  })
})
