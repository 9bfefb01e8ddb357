import { argon2Sync, createHash } from 'node:crypto'

/** `userPassword` as slapd writes it by default. */
export function ssha(password: string): string {
  const salt = saltOf(password)
  const digest = createHash('sha1').update(password).update(salt).digest()
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`
}

/** `userPassword` as slapd's argon2 module writes it by default; 23 ms. */
export function argon2(password: string): string {
  const salt = saltOf(password)
  const cost = { memory: 7168, passes: 5, parallelism: 1, tagLength: 32 }
  const digest = argon2Sync('argon2id', { message: password, nonce: salt, ...cost })
  const [saltText, digestText] = [salt, digest].map((bytes) => bytes.toString('base64').replace(/=+$/, ''))
  return `{ARGON2}$argon2id$v=19$m=7168,t=5,p=1$${saltText}$${digestText}`
}

/** Not random: the same people every time. */
function saltOf(password: string): Buffer {
  return createHash('sha1').update(`salt of ${password}`).digest().subarray(0, 16)
}
