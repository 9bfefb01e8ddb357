import { randomInt } from 'node:crypto'

// Letters and digits that nobody confuses on paper or on the phone.
const letters = 'abcdefghjkmnpqrstuvwxyz'
const digits = '23456789'
const groups = 4
const groupLength = 4

/**
 * A password to read out or hand over: `Kxm4-p7wd-…`, four groups of four, 76 bits. It has a capital, small letters, a digit and a sign, because many
 * directories have such rules of their own, which we cannot read.
 */
export function generatePassword(): string {
  const inner = Array.from({ length: groups * groupLength - 2 }, () => pick(letters + digits))
  const characters = [pick(letters).toUpperCase(), ...inner, pick(digits)].join('')
  return characters.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? characters
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length))
}
