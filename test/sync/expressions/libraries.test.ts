import { expect, test } from 'vitest'
import type { Values } from '../../../sync/record.ts'
import { evaluate } from './evaluate.ts'

const tables: Record<string, Record<string, Values | string>> = {
  AD: {
    'AD.getUnicodePwd("pé")': [Buffer.from('"pé"', 'utf16le')],
    'AD.userAccountControlSet(0, [AD.UAC_SET_NORMAL_ACCOUNT])': ['512'],
    'AD.userAccountControlSet("512", [AD.UAC_ACCOUNTDISABLE.toString(), AD.UAC_PASSWORD_EXPIRED.toString()])':
      ['8389122'],
    'AD.userAccountControlSet(8389122, AD.UAC_UNSET_PASSWORD_EXPIRED)': ['514'],
    'AD.userAccountControlCheck("514", AD.UAC_ACCOUNTDISABLE) && !AD.userAccountControlCheck(512, AD.UAC_ACCOUNTDISABLE)':
      ['true'],
    'AD.userAccountControlToggle(AD.userAccountControlToggle(514, AD.UAC_ACCOUNTDISABLE), AD.UAC_ACCOUNTDISABLE)':
      ['514'],
    'AD.userAccountControlSet("", [AD.UAC_LOCKOUT])': 'TypeError: a whole number is wanted (line 1)',
    'AD.aDTimeToUnixTimestamp("128565522470000000")': ['1212078647'],
    'AD.unixTimestampToADTime(1212078647)': ['128565522470000000'],
    'AD.getNumberOfWeeksSinceLastLogon("")': ['0'],
    'AD.getNumberOfWeeksSinceLastLogon(String(AD.unixTimestampToADTime(Math.trunc(Date.now() / 1000) - 15 * 86400)))':
      ['2'],
    'AD.getAccountExpires("")': ['0'],
    'AD.getAccountExpires("2026-01-01") - AD.unixTimestampToADTime(new Date(2026, 0, 1).getTime() / 1000)': [
      '0',
    ],
    'AD.getAccountExpires("31/12/2026", "dd/MM/yyyy") === AD.getAccountExpires("2026-12-31")': ['true'],
    'AD.binaryGuidToReadableUUID(new Uint8Array([0x33,0x22,0x11,0,0x55,0x44,0x77,0x66,0x88,0x99,0xaa,0xbb,0xcc,0xdd,0xee,0xff]))':
      ['00112233-4455-6677-8899-AABBCCDDEEFF'],
  },
  SecurityUtils: {
    'SecurityUtils.hash(SecurityUtils.HASH_MD5, "password")': ['X03MO1qnZdYdgyfeuILPmQ=='],
    'SecurityUtils.hash(SecurityUtils.HASH_SHA1, "password")': ['W6ph5Mm5Pz8GgiULbPgzG37mj9g='],
    'SecurityUtils.hash("SHA-256", "é").length': ['44'],
    'SecurityUtils.hash(SecurityUtils.HASH_SHA512, "x").length': ['88'],
    'SecurityUtils.hash("CRC", "x")': 'Error: the hash CRC is not known (line 1)',
    'SecurityUtils.decrypt(SecurityUtils.encrypt("sécret"))': ['sécret'],
    'SecurityUtils.computeSambaLMPassword("password")': ['E52CAC67419A9A224A3B108F3FA6CB6D'],
    'SecurityUtils.computeSambaNTPassword("password")': ['8846F7EAEE8FB117AD06BDD830B7586C'],
    'StringUtils.Base64toBase16("AP8Q")': ['00ff10'],
  },
  DateUtils: {
    'DateUtils.format(DateUtils.parse("20070622192826Z"))': ['20070622192826.0Z'],
    'DateUtils.simpleFormat(DateUtils.parse("20070622192826.5Z"))': ['20070622192826Z'],
    'DateUtils.format(DateUtils.parse("20070622192826.5Z"))': ['20070622192826.5Z'],
    'DateUtils.parse("0Z")': 'RangeError: a date of the form yyyyMMddHHmmssZ is wanted (line 1)',
    'DateUtils.parse("20071322192826Z")': 'RangeError: there is no such day (line 1)',
  },
  FrenchFilters: {
    'FrenchFilters.removeBadChars("Clément Niña Aÿla Stãphane")': ['Clement Nina Ayla Staphane'],
    'FrenchFilters.filterPhone("01 02.03-04/05")': ['33102030405'],
    'FrenchFilters.filterPhone("47 00 00 00")': ['33147000000'],
    'FrenchFilters.toUpperCaseAllBeginningNames("TOTO titi-tATA.tutu_tyty")': ['Toto Titi-Tata.tutu_Tyty'],
    'FrenchFilters.filterName(" Jean.Pierre- ") + FrenchFilters.filterName("-")': ['jean-pierreUNKNOWN'],
    'FrenchFilters.filterSn("le gall")': ['Le Gall'],
    'FrenchFilters.filterSn("toto 2")': 'RangeError: there is a character that is not accepted (line 1)',
    'FrenchFilters.filterGivenName("jean-rené")': ['Jean-René'],
    'FrenchFilters.filterUid("abcd-efgh ijklmnopq")': ['abcdefghijklmn'],
    'FrenchFilters.filterShortUid("Abcdéfghijk")': ['abcdefgh'],
    'FrenchFilters.filterLengthString("id-entifier", 5)': ['ident'],
    'FrenchFilters.filterAlpha(" ab1 ")': ['ab1'],
    'FrenchFilters.filterNumber("0042")': ['42'],
    'FrenchFilters.filterRegexp("aXbX", ["X"], ["-"])': ['a-b-'],
    'FrenchFilters.filterStringRegExp("ab", "[A-Za-z]+")': ['Ab'],
    'DateUtils.parse(FrenchFilters.filterDate("31/12/2026", "dd/MM/yyyy")).getTime() - new Date(2026, 11, 31).getTime()':
      ['0'],
    'FrenchFilters.filterDate("31/02/2026", "dd/MM/yyyy")': 'RangeError: there is no such day (line 1)',
    'FrenchFilters.generatePwd().length': ['8'],
  },
}

test.for(Object.entries(tables))('%s, in our dialect and in LSC’s', async ([, codes]) => {
  for (const surface of [{}, { dialect: 'lsc' as const }]) {
    const given = await evaluate(Object.keys(codes), {}, { lscKey: Buffer.alloc(16, 7), ...surface })
    const pairs = Object.keys(codes).map((code, index) => [code, given[index]])
    expect(Object.fromEntries(pairs)).toEqual(codes)
  }
})

test('without a key nothing is encrypted', async () => {
  expect(await evaluate(['SecurityUtils.encrypt("x")'])).toEqual([
    'Error: there is no key for encrypt and decrypt (line 1)',
  ])
})

test('passwords have one character of each class and are never the same', async () => {
  const given = await evaluate([
    'randomPassword()',
    'randomPassword()',
    'randomPassword(24)',
    'randomPassword(1)',
  ])
  for (const [password] of given)
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[2-9])(?=.*[!#%+./:=?@_-])\S{8,24}$/)
  expect(new Set(given.flat()).size).toBe(4)
  expect(given.map(([password]) => password?.length)).toEqual([16, 16, 24, 8])
})

test('values in a DN are escaped', async () => {
  const scope = { value: ' a,b#"é\\' }
  expect(
    await evaluate(
      [
        'dn`uid=${value},ou=people,dc=example`',
        'dn`cn=x-${"#"}${"y+z"},${"ou=a,dc=b"}`',
        'escapeRdn("#lead ")',
        'escapeRdn("")',
      ],
      scope,
    ),
  ).toEqual([
    ['uid=\\ a\\,b\\#\\"é\\\\,ou=people,dc=example'],
    ['cn=x-\\#y\\+z,ou=a,dc=b'],
    ['\\#lead\\ '],
    [],
  ])
})
