import { randomInt, randomBytes } from 'node:crypto'
import type { PasswordRules } from '../../directory/directory.ts'

// Letters and digits that nobody confuses on paper or on the phone.
const letters = 'abcdefghjkmnpqrstuvwxyz'
const digits = '23456789'
const groupLength = 4
const usual = 16
/** Characters more, where the server found the usual one too simple for reasons that it does not publish. */
const more = 12

const noRules: PasswordRules = { length: 0, capitals: 0, small: 0, digits: 0, signs: 0 }

/**
 * A password to read out or hand over: `Kxm4-p7wd-…`, groups of four, at least four of them (76 bits). It has a capital, small letters, a digit and
 * signs, because many directories have such rules that we cannot read, and as much of each as `rules` ask for. `isLonger`: for a server
 * that refused the usual one.
 */
export function generatePassword(rules: PasswordRules = noRules, { isLonger = false } = {}): string {
  const first = pick(letters).toUpperCase()
  const last = pick(digits)
  const wanted = [
    ...times(rules.capitals - 1, () => pick(letters).toUpperCase()),
    ...times(Math.max(1, rules.small), () => pick(letters)),
    ...times(rules.digits - 1, () => pick(digits)),
  ]
  const length = lengthFor(rules, wanted.length + 2) + (isLonger ? more : 0)
  const rest = times(length - wanted.length - 2, () => pick(letters + digits))
  const characters = [first, ...shuffled([...wanted, ...rest]), last].join('')
  return characters.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? characters
}

/** Of the letters and digits, in whole groups: signs are what stands between groups. */
function lengthFor({ length, signs }: PasswordRules, wanted: number): number {
  const counts = [usual, wanted, (signs + 1) * groupLength, ((length + 1) * groupLength) / (groupLength + 1)]
  return Math.ceil(Math.max(...counts) / groupLength) * groupLength
}

function times(count: number, make: () => string): string[] {
  return Array.from({ length: Math.max(0, count) }, make)
}

function shuffled(characters: readonly string[]): string[] {
  const keyed = characters.map((character) => ({ character, key: randomBytes(8).readBigUInt64BE() }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ character }) => character)
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length))
}
