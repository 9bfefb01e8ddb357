import { bytes, text, type Entry } from '../../ldap/entry.ts'
import { PASSWORD_MODIFY } from '../../ldap/extended/password-modify.ts'
import type { Finding } from './finding.ts'
import { modification, onSlapd, replacement } from './fix.ts'
import type { Check, Probe } from './probe.ts'

/** Values that are no hash: the password is elsewhere. */
const ELSEWHERE = /^(SASL|NONE)$/
/** Without a salt, or of a function that nobody should use any more. */
const WEAK = /^(MD5|SMD5|SHA|LANMAN|NS-MTA-MD5|CRYPT)$/
/** Salted, and so quick to compute that a stolen copy is guessed at by the billion. */
const FAST = /^SS?HA/

/** The scheme of a value of userPassword, in capitals; CLEARTEXT for a password that is there as it is. CRYPT counts as what it holds. */
export function schemeOf(value: Buffer): string {
  const stored = value.toString('latin1')
  const [, scheme, rest = ''] = /^\{([^}]+)\}(.*)$/s.exec(stored) ?? []
  if (scheme === undefined) return 'CLEARTEXT'
  const name = scheme.toUpperCase()
  return name === 'CRYPT' && /^\$(6|y|2[aby])\$/.test(rest) ? 'CRYPT-STRONG' : name
}

/** Schemes of a person's passwords. */
export function schemesOf(person: Entry): string[] {
  return bytes(person, 'userPassword')
    .map(schemeOf)
    .filter((scheme) => !ELSEWHERE.test(scheme))
}

/** Whether the server hashes new passwords itself, and how those of a few people are kept. */
export const storedPasswords: Check = {
  name: 'stored-passwords',
  async run(probe) {
    const { settings, rootDse, report } = probe
    if (settings.kind === 'active-directory') return []
    const canModify = text(rootDse, 'supportedExtension').includes(PASSWORD_MODIFY)
    return [...(canModify ? [] : [report('password-modify-missing')]), ...schemeFindings(probe)]
  },
}

function schemeFindings({ samples, report, settings }: Probe): Finding[] {
  const people = samples.flatMap((sample) => sample.people)
  const schemes = people.map(schemesOf)
  const inClear = schemes.filter((all) => all.includes('CLEARTEXT')).length
  const used = [...new Set(schemes.flat())]
  const weak = used.filter((scheme) => WEAK.test(scheme))
  const fast = used.filter((scheme) => FAST.test(scheme) && !WEAK.test(scheme))
  const fix =
    settings.kind === 'openldap' ? hashFix() : 'dsconf INSTANCE pwpolicy set --pwdscheme=PBKDF2-SHA512'
  return [
    ...(inClear > 0 ? [report('password-in-clear', { count: inClear, of: people.length }, fix)] : []),
    ...(weak.length > 0 ? [report('password-hash-weak', { schemes: weak.join(', ') }, fix)] : []),
    ...(fast.length > 0 ? [report('password-hash-fast', { schemes: fast.join(', ') }, fix)] : []),
  ]
}

function hashFix(): string {
  const module = modification('cn=module{0},cn=config', [
    { operation: 'add', attribute: 'olcModuleLoad', values: ['argon2'] },
  ])
  const hash = replacement('olcDatabase={-1}frontend,cn=config', { olcPasswordHash: '{ARGON2}' })
  return onSlapd(module, hash)
}
