import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto'
import { decodeKey } from '../config/secret-key.ts'
import { decrypt, encrypt } from './aead.ts'

/** What a secret is for; keys of one purpose open nothing of another. */
export type SealPurpose =
  | 'answer'
  | 'audit'
  | 'config'
  | 'cookie'
  | 'job'
  | 'mail'
  | 'oidc'
  | 'password'
  | 'signing-key'
  | 'synchronization'

/**
 * Encrypts and signs what leaves the process, under keys that may be rotated: the first key writes, every key reads. `context` says where
 * the value belongs (tenant, row): a value that was moved does not open.
 */
export interface Sealer {
  seal(purpose: SealPurpose, context: readonly string[], secret: string | Buffer): string
  /** Throws `SealBroken` when the value was changed or moved, or its key is gone. */
  open(purpose: SealPurpose, context: readonly string[], sealed: string): Buffer
  /** A signature of `text` that only a holder of the keys can make. */
  mac(purpose: SealPurpose, text: string): string
  isMac(purpose: SealPurpose, text: string, mac: string): boolean
  /** The signatures of `text` by every key, newest first: what is looked up by signature is found after a rotation too. */
  macs(purpose: SealPurpose, text: string): string[]
  /** What sealed values of each key begin with, before the dot; newest first. */
  readonly keyIds: readonly string[]
  /** Keys for a library that signs by itself (cookies), newest first. */
  keys(purpose: SealPurpose): string[]
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

type Key = { id: string; for(purpose: string): KeyObject }

/** Makes the sealer of the configuration's `keys`: each 32 bytes in hex or base64url, newest first. Throws on any other. */
export function createSealer(keys: readonly string[]): Sealer {
  const ring = keys.map(readKey)
  const [newest] = ring
  if (newest === undefined) throw new Error('keys: at least one is needed')
  const sign = (key: Key, purpose: string, text: string): string =>
    `${key.id}.${createHmac('sha256', key.for(`mac ${purpose}`))
      .update(text)
      .digest('base64url')}`

  return {
    seal(purpose, context, secret) {
      const data = encrypt(newest.for(`seal ${purpose}`), context, Buffer.from(secret))
      return `${newest.id}.${data.toString('base64url')}`
    },
    open(purpose, context, sealed) {
      const [id, data = ''] = sealed.split('.', 2)
      const key = ring.find((candidate) => candidate.id === id)
      const secret = key && decrypt(key.for(`seal ${purpose}`), context, Buffer.from(data, 'base64url'))
      if (secret === undefined) throw new SealBroken(`sealed ${purpose} value does not open`)
      return secret
    },
    mac: (purpose, text) => sign(newest, purpose, text),
    isMac: (purpose, text, mac) => ring.some((key) => isSameSecret(sign(key, purpose, text), mac)),
    keyIds: ring.map(({ id }) => id),
    macs: (purpose, text) => ring.map((key) => sign(key, purpose, text)),
    keys: (purpose) => ring.map((key) => key.for(`key ${purpose}`).export().toString('base64url')),
  }
}

function readKey(text: string): Key {
  const secret = decodeKey(text)
  if (secret?.length !== 32) throw new Error('keys: each must be 32 bytes in hex or base64url')
  const derived = new Map<string, KeyObject>()
  const derive = (purpose: string): KeyObject => {
    let key = derived.get(purpose)
    if (key === undefined) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'idaas', purpose, 32)))
      derived.set(purpose, key)
    }
    return key
  }
  return { id: derive('id').export().subarray(0, 4).toString('hex'), for: derive }
}

/** Compares secrets in a time that does not tell how much of them is right. */
export function isSameSecret(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
