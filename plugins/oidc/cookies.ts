import { createHmac } from 'node:crypto'
import type { Configuration } from 'oidc-provider'
import { isSameSecret } from '../../src/store/seal.ts'

export type CookieSigner = {
  sign(text: string): string
  /** Index of the key that signed, 0 for the newest; -1 for none. */
  index(text: string, signature: string): number
  verify(text: string, signature: string): boolean
}

/** Signs with the first key, accepts all: prepend a key, and later drop the last. */
export function createCookieSigner(keys: readonly string[]): CookieSigner {
  const signWith = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const index = (text: string, signature: string) =>
    keys.findIndex((key) => isSameSecret(signWith(key, text), signature))
  return {
    sign: (text) => signWith(keys[0] ?? '', text),
    index,
    verify: (text, signature) => index(text, signature) !== -1,
  }
}

export type CookieNames = { session: string; interaction: string; resume: string }

/** With https, names that browsers only take over https, from this host alone (RFC 6265bis, section 4.1.3). */
export function cookieNames(issuer: string): CookieNames {
  const isSecure = issuer.startsWith('https:')
  return {
    session: isSecure ? '__Host-session' : 'session',
    // These two are sent to the path of one interaction only, which `__Host-` does not allow.
    interaction: isSecure ? '__Secure-interaction' : 'interaction',
    resume: isSecure ? '__Secure-resume' : 'resume',
  }
}

export function cookieOptions(issuer: string, signer: CookieSigner): NonNullable<Configuration['cookies']> {
  const options = {
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
  } as const
  return { names: cookieNames(issuer), keys: signer, long: { ...options, path: '/' }, short: options }
}

/** The value of a signed cookie in a Cookie header; undefined when it is not there or was not signed by us. */
export function readSignedCookie(
  header: string | undefined,
  name: string,
  signer: CookieSigner,
): string | undefined {
  if (header === undefined) return undefined
  const value = readCookie(header, name)
  const signature = readCookie(header, `${name}.sig`)
  if (value === undefined || signature === undefined) return undefined
  return signer.verify(`${name}=${value}`, signature) ? value : undefined
}

function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key = '', ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
