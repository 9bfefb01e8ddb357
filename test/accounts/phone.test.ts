import { describe, expect, it } from 'vitest'
import { createPhoneReader } from '../../src/accounts/phone.ts'

describe('a phone number in the directory', () => {
  it.each([
    ['+33 4 77 00 00 01', '0477000001 33477000001'],
    ['04.77.00.00.01', '0477000001 33477000001'],
    ['0033 4 77 00 00 01', '0477000001 33477000001'],
    ['+33 (0)4 77 00 00 01', '0477000001 33477000001'],
    ['04 77 00 00 01 poste 12', '0477000001 33477000001'],
    ['+32 2 123 45 67', '021234567 3221234567'],
    ['+1 (212) 555-0100', '2125550100 12125550100'],
    ['+39 06 1234 5678', '0612345678 390612345678'],
    ['4512', '4512'],
    ['poste', ''],
  ])('%s of a French tenant is known by the digits %s', (text, digits) => {
    const read = createPhoneReader('FR')
    expect(read(text)).toBe(digits)
    expect(read(text), 'read again, by what was learned').toBe(digits)
  })

  it('is read alike when many of its kind were read before', () => {
    const used = createPhoneReader('FR')
    const kinds = [
      '+33 4 77 00 00 0',
      '04 77 00 00 0',
      '+32 2 123 45 6',
      '+54 9 2966 43-212',
      '+54 9 11 1234 567',
      '451',
      '+4',
    ]
    for (const kind of kinds) {
      for (const digit of '0123456789') {
        expect(used(kind + digit)).toBe(createPhoneReader('FR')(kind + digit))
      }
    }
  })

  it('belongs to the country of the tenant when it names none', () => {
    expect(createPhoneReader('be')('02 123 45 67')).toBe('021234567 3221234567')
    expect(() => createPhoneReader('XX')).toThrow(RangeError)
  })
})
