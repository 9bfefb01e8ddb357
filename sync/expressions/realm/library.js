import { AD } from './ad.js'
import { BatchDate } from './date.js'
import { DateUtils } from './date-utils.js'
import { dn, escapeRdn } from './dn.js'
import { FrenchFilters, lendRandomness } from './french-filters.js'
import { makePasswords } from './passwords.js'
import { makeSecurityUtils } from './security-utils.js'
import { StringUtils } from './string-utils.js'

/** Puts what scripts may use beside JavaScript itself into the global scope. */
export function defineLibrary(host, dialect) {
  const { randomPassword } = makePasswords(host)
  lendRandomness(randomPassword)
  define({
    Date: BatchDate,
    AD,
    DateUtils,
    FrenchFilters,
    StringUtils,
    SecurityUtils: makeSecurityUtils(host),
  })
  // Scripts of LSC assign to variables that they never declared: no short name is taken from them.
  if (dialect !== 'lsc') define({ dn, escapeRdn, randomPassword })
}

function define(names) {
  for (const [name, value] of Object.entries(names)) {
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
  }
}
