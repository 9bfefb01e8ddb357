import { randomFrom } from '../support/people.ts'

const pieces = (
  String.raw`* ( ) \ | & ! = , + " < > ; # / @ % *)(uid=* )(|(uid=* \2a \00 alice)( alice* a*e uid=alice ,dc=example,dc=org` +
  ' ~= >= é œ 🐎 ﬁ İ x Q 7 e\u0301 \u200b \u202e \ud83d \0'
)
  .split(' ')
  .concat(' ', '\n')

/** Texts as attackers type them for a login, the same in every run. None of them is somebody's login. */
export function arbitraryLogins(count: number): string[] {
  const random = randomFrom(7)
  const pick = () => pieces[Math.floor(random() * pieces.length)] ?? ''
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor(random() * 8)
    return `${Array.from({ length }, pick).join('')}*`
  })
}
