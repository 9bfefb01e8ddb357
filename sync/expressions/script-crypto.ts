import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { createMD4 } from 'hash-wasm'
import type { Host } from './host.ts'

type Crypto = Pick<Host, 'random' | 'hash' | 'encrypt' | 'decrypt' | 'lmHash' | 'ntHash'>

const algorithms = new Map([
  ['MD5', 'md5'],
  ['SHA', 'sha1'],
  ['SHA1', 'sha1'],
  ['SHA256', 'sha256'],
  ['SHA512', 'sha512'],
])

/** The functions of `SecurityUtils` that QuickJS has nothing for. `key`: of LSC's `security/encryption`. */
export async function makeScriptCrypto(key: Buffer | undefined): Promise<Crypto> {
  const md4 = await createMD4()
  return {
    random: (length) => randomBytes(length),
    hash(algorithm, text) {
      const name = algorithms.get(algorithm.toUpperCase().replace('-', ''))
      if (name === undefined) throw new Error(`the hash ${algorithm} is not known`)
      return createHash(name).update(text, 'utf8').digest('base64')
    },
    // AES/ECB/PKCS5, as LSC's files hold it. Equal texts give equal results: nothing new should be kept this way.
    encrypt(text) {
      const cipher = createCipheriv(...ecb(key), null)
      return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
    },
    decrypt(base64) {
      const decipher = createDecipheriv(...ecb(key), null)
      return Buffer.concat([decipher.update(base64, 'base64'), decipher.final()]).toString('utf8')
    },
    lmHash: (password) => lmHash(password),
    ntHash: (password) => md4.init().update(Buffer.from(password, 'utf16le')).digest('hex').toUpperCase(),
  }
}

function ecb(key: Buffer | undefined): [string, Buffer] {
  if (key === undefined) throw new Error('there is no key for encrypt and decrypt')
  return [`aes-${key.length * 8}-ecb`, key]
}

/** [MS-NLMP 3.3.1] LMOWFv1: DES of a constant by each half of the password. */
function lmHash(password: string): string {
  const text = Buffer.alloc(14)
  text.write(password.toUpperCase(), 'latin1')
  const halves = [text.subarray(0, 7), text.subarray(7)].map((half) =>
    desBlock(half, Buffer.from('KGS!@#$%')),
  )
  return Buffer.concat(halves).toString('hex').toUpperCase()
}

/** OpenSSL 3 has single DES no more, but triple DES with three equal keys is the same. `key`: 56 bits; parity bits are not looked at. */
function desBlock(key: Buffer, block: Buffer): Buffer {
  const bits = BigInt(`0x${key.toString('hex')}`)
  const spread = Buffer.from(
    Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(49 - 7 * index)) & 0x7fn) << 1),
  )
  const cipher = createCipheriv('des-ede3', Buffer.concat([spread, spread, spread]), null).setAutoPadding(
    false,
  )
  return Buffer.concat([cipher.update(block), cipher.final()])
}
