import { AD } from './ad.js'
import { Bean } from './bean.js'
import { BatchDate } from './date.js'
import { DateUtils } from './date-utils.js'
import { dn, escapeRdn } from './dn.js'
import { FrenchFilters, lendRandomness } from './french-filters.js'
import { makeJava } from './java.js'
import { makeDirectories } from './lsc-directory.js'
import { makePasswords } from './passwords.js'
import { Row } from './row.js'
import { makeSecurityUtils } from './security-utils.js'
import { SetUtils } from './set-utils.js'
import { StringUtils } from './string-utils.js'

/** Puts what our own expressions may use beside JavaScript itself into the global scope. */
export function defineLibrary(host) {
  define({ ...shared(host), dn, escapeRdn, randomPassword: makePasswords(host).randomPassword })
  return { shared: [Row] }
}

/**
 * The same for scripts of LSC. They assign to variables that they never declared, so no short name is taken from them but those of LSC and Java; of these, which
 * of `words` mentions, the answer holds what is to be put back after each entry.
 */
export function defineLscLibrary(host, directories, words) {
  const library = shared(host)
  const { LDAP, SequencesFactory, ldap, srcLdap } = makeDirectories(host, directories)
  const { names, classes } = makeJava({
    'java.util.UUID': { randomUUID: () => randomUuid(host) },
    'org.lsc.utils.SecurityUtils': library.SecurityUtils,
    'org.lsc.utils.SequencesFactory': SequencesFactory,
    'org.lsc.utils.directory.LDAP': LDAP,
  })
  const all = { ...library, ...names, SetUtils, LDAP, SequencesFactory, ldap, srcLdap }
  define(all)
  const assignable = Object.entries(all).filter(
    ([name, value]) => /^[a-z]/.test(name) && value !== undefined && words.includes(name),
  )
  return { shared: [...classes, Bean], restorable: Object.fromEntries(assignable) }
}

/** RFC 9562, version 4. */
function randomUuid(host) {
  const bytes = new Uint8Array(host.random(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function shared(host) {
  lendRandomness(makePasswords(host).randomPassword)
  return {
    Date: BatchDate,
    AD,
    DateUtils,
    FrenchFilters,
    StringUtils,
    SecurityUtils: makeSecurityUtils(host),
  }
}

function define(names) {
  for (const [name, value] of Object.entries(names)) {
    if (value === undefined) continue
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
  }
}
