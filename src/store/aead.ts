import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'

const nonceLength = 12
const tagLength = 16

/**
 * AES-256-GCM: nonce, ciphertext, tag. What is encrypted with a `context` only decrypts with the same.
 * Keys are KeyObjects because Node needs 10 us longer for each use of a key given as Buffer.
 */
export function encrypt(key: KeyObject, context: readonly string[], secret: Buffer): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(contextBytes(context))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** Undefined when the key or the context is another, or a bit was changed. */
export function decrypt(key: KeyObject, context: readonly string[], data: Buffer): Buffer | undefined {
  if (data.length < nonceLength + tagLength) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, nonceLength), {
    authTagLength: tagLength,
  })
  decipher.setAAD(contextBytes(context))
  decipher.setAuthTag(data.subarray(-tagLength))
  try {
    return Buffer.concat([decipher.update(data.subarray(nonceLength, -tagLength)), decipher.final()])
  } catch {
    return undefined
  }
}

// As JSON, so that ['a', 'bc'] and ['ab', 'c'] differ.
function contextBytes(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context))
}
