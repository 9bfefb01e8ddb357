import { hexText, utf16leBytes } from './bytes.js'
import { parseJavaDate } from './java-date-format.js'

/** Bits of userAccountControl [MS-ADTS 2.2.16]. */
const bits = {
  SCRIPT: 0x1,
  ACCOUNTDISABLE: 0x2,
  HOMEDIR_REQUIRED: 0x8,
  LOCKOUT: 0x10,
  PASSWD_NOTREQD: 0x20,
  PASSWD_CANT_CHANGE: 0x40,
  ENCRYPTED_TEXT_PWD_ALLOWED: 0x80,
  TEMP_DUPLICATE_ACCOUNT: 0x100,
  NORMAL_ACCOUNT: 0x200,
  INTERDOMAIN_TRUST_ACCOUNT: 0x800,
  WORKSTATION_TRUST_ACCOUNT: 0x1000,
  SERVER_TRUST_ACCOUNT: 0x2000,
  DONT_EXPIRE_PASSWORD: 0x10000,
  MNS_LOGON_ACCOUNT: 0x20000,
  SMARTCARD_REQUIRED: 0x40000,
  TRUSTED_FOR_DELEGATION: 0x80000,
  NOT_DELEGATED: 0x100000,
  USE_DES_KEY_ONLY: 0x200000,
  DONT_REQ_PREAUTH: 0x400000,
  PASSWORD_EXPIRED: 0x800000,
  TRUSTED_TO_AUTH_FOR_DELEGATION: 0x1000000,
}

/** 1970 in hundreds of nanoseconds since 1601. */
const unixEpoch = 116_444_736_000_000_000n
const week = 7 * 24 * 60 * 60

export const AD = {
  /** The value of unicodePwd [MS-ADTS 3.1.1.3.1.5]: the password in quotes, in UTF-16LE. */
  getUnicodePwd: (password) => utf16leBytes(`"${password}"`),

  /** Constants are UAC_SET_* and UAC_UNSET_*, one by one or in a list. */
  userAccountControlSet(value, ...constants) {
    let result = integer(value)
    for (const constant of constants.flat().map(integer))
      result = constant < 0 ? result & ~-constant : result | constant
    return result
  },
  userAccountControlCheck: (value, constant) => (integer(value) & integer(constant)) > 0,
  userAccountControlToggle: (value, constant) => integer(value) ^ integer(constant),

  aDTimeToUnixTimestamp: (time) => Number((BigInt(time) - unixEpoch) / 10_000_000n),
  unixTimestampToADTime: (timestamp) => Number(BigInt(timestamp) * 10_000_000n + unixEpoch),
  getNumberOfWeeksSinceLastLogon(time) {
    if (!time) return 0
    return Math.trunc((Math.trunc(Date.now() / 1000) - AD.aDTimeToUnixTimestamp(time)) / week)
  },
  /** 0 (never) without a date. */
  getAccountExpires(date, format = 'yyyy-MM-dd') {
    if (!date) return 0
    return Number(BigInt(parseJavaDate(date, format).getTime()) * 10_000n + unixEpoch)
  },
  /** objectGUID as Windows shows it: the first three groups are little-endian. */
  binaryGuidToReadableUUID(bytes) {
    if (bytes === null || bytes === undefined) return ''
    const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    return hexText(order.map((index) => bytes[index]))
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
      .toUpperCase()
  },
}

for (const [name, bit] of Object.entries(bits)) {
  AD[`UAC_${name}`] = bit
  AD[`UAC_SET_${name}`] = bit
  AD[`UAC_UNSET_${name}`] = -bit
}

function integer(value) {
  const text = String(value).trim()
  if (!/^[+-]?\d+$/.test(text)) throw new TypeError('a whole number is wanted')
  return Number(text)
}
