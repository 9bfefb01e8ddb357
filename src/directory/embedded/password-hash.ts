import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { bytes, type Entry } from '../../ldap/entry.ts'

const derive = promisify<Buffer, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt)
const cost = { N: 16_384, r: 8, p: 1 }

/** Bytes of the digest behind each scheme that comes with exported directories; with or without a salt. */
const digests: Readonly<Record<string, { algorithm: string; size: number }>> = {
  SHA: { algorithm: 'sha1', size: 20 },
  SSHA: { algorithm: 'sha1', size: 20 },
  SHA256: { algorithm: 'sha256', size: 32 },
  SSHA256: { algorithm: 'sha256', size: 32 },
  SHA512: { algorithm: 'sha512', size: 64 },
  SSHA512: { algorithm: 'sha512', size: 64 },
}

/** True for a value that is no clear text: `{SCHEME}...`. */
export function isHashed(stored: Buffer): boolean {
  return /^\{[A-Za-z0-9./_-]+\}/.test(stored.toString('latin1'))
}

/** A hash for userPassword: `{SCRYPT}N$r$p$salt$hash`, in base64. Some 30 ms, on another thread. */
export async function hashPassword(clear: Buffer): Promise<Buffer> {
  const salt = randomBytes(16)
  const hash = await derive(clear, salt, 32, cost)
  const fields = [cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')]
  return Buffer.from(`{SCRYPT}${fields.join('$')}`)
}

/** Whether the password is the one of this stored value. False for a scheme that is not ours to check, such as `{SASL}`. */
export async function verifyPassword(stored: Buffer, clear: Buffer): Promise<boolean> {
  const text = stored.toString('latin1')
  const [, scheme, rest = ''] = /^\{([A-Za-z0-9./_-]+)\}(.*)$/s.exec(text) ?? []
  if (scheme === undefined) return equals(stored, clear)
  if (scheme.toUpperCase() === 'SCRYPT') return await verifyScrypt(rest, clear)
  return verifyDigest(scheme.toUpperCase(), rest, clear)
}

/** Whether the password is one of the entry's. */
export async function hasPassword(entry: Entry, clear: Buffer): Promise<boolean> {
  for (const stored of bytes(entry, 'userPassword')) if (await verifyPassword(stored, clear)) return true
  return false
}

async function verifyScrypt(rest: string, clear: Buffer): Promise<boolean> {
  const [, N, r, p, salt, hash] =
    /^(\d{4,6})\$(\d{1,2})\$(\d)\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/.exec(rest) ?? []
  if (salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: 256 << 20 }
  return equals(await derive(clear, Buffer.from(salt, 'base64'), expected.length, options), expected)
}

function verifyDigest(scheme: string, rest: string, clear: Buffer): boolean {
  const digest = digests[scheme]
  // Node skips what is not base64: without this check `{SSHA}!...`, the mark of a closed account, would open.
  if (!digest || !/^[A-Za-z0-9+/]+=*$/.test(rest)) return false
  const decoded = Buffer.from(rest, 'base64')
  const salt = decoded.subarray(digest.size)
  return equals(
    createHash(digest.algorithm).update(clear).update(salt).digest(),
    decoded.subarray(0, digest.size),
  )
}

function equals(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
