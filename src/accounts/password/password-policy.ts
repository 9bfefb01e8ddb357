import type { Fault } from '../../problems/problem.ts'
import { AcceptedPassword, normalizePassword } from '../../directory/accepted-password.ts'
import type { Blocklist } from './blocklist.ts'
import { fold, foldWords } from '../fold.ts'

export type PasswordProfile = 'directory' | 'nist'

/**
 * What a new password must be. `nist` follows SP 800-63B-4 for a password that is the only factor: length, a blocklist and the person's own words
 * decide, no composition rules. `directory` leaves length and history to the server's policy, for tenants that migrate.
 */
export type PasswordPolicy = { profile: PasswordProfile; blocklist: Blocklist }

/** What the person could be guessed by: login, names, mail, organisation. */
export type OwnWords = readonly string[]

const NIST_MIN = 15
/** Longer ones are refused rather than cut: every server has some limit, and none says so well. */
const MAX = 256

/** The rules of a profile, for the page that lists them before anything is typed: `fault.*` reasons with their figures. */
export function rulesOf(policy: PasswordPolicy): Fault[] {
  const rules: Fault[] = [
    { field: 'password', reason: 'common' },
    { field: 'password', reason: 'own-word' },
  ]
  return policy.profile === 'nist' ? [tooShort(), ...rules] : rules
}

/** All violations at once, none when the password is fine. Lengths are in code points. */
export async function violationsOf(
  policy: PasswordPolicy,
  password: string,
  own: OwnWords,
): Promise<Fault[]> {
  const text = normalizePassword(password)
  const length = Array.from(text).length
  const faults: Fault[] = []
  if (length === 0) return [{ field: 'password', reason: 'required' }]
  if (policy.profile === 'nist' && length < NIST_MIN) faults.push(tooShort())
  if (length > MAX) faults.push({ field: 'password', reason: 'too-long', params: { max: MAX } })
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for: they get lost on the way through forms and terminals
  if (/[\u0000-\u001f\u007f]/.test(text)) faults.push({ field: 'password', reason: 'control-character' })
  if (await policy.blocklist.has(text)) faults.push({ field: 'password', reason: 'common' })
  if (isMadeOf(text, own)) faults.push({ field: 'password', reason: 'own-word' })
  return faults
}

/** The password as a directory takes it, or all the reasons why not. */
export async function acceptPassword(
  policy: PasswordPolicy,
  password: string,
  own: OwnWords,
): Promise<{ password: AcceptedPassword } | { faults: Fault[] }> {
  const faults = await violationsOf(policy, password, own)
  const accepted = AcceptedPassword.accept(password, faults)
  return accepted === null ? { faults } : { password: accepted }
}

function tooShort(): Fault {
  return { field: 'password', reason: 'too-short', params: { min: NIST_MIN } }
}

/** Words of the person, and whatever is not a letter around them, are all there is: `Lefevre-2024!`, `acmeAlice1`. */
function isMadeOf(password: string, own: OwnWords): boolean {
  const words = [...new Set(own.flatMap(foldWords))].filter((word) => word.length >= 3)
  if (words.length === 0) return false
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), fold(password))
  return rest !== fold(password) && rest.replaceAll(/[^a-z]/g, '').length <= 2
}
