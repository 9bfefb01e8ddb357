import { Refusal } from './refusal.ts'

/** Who is bound on a connection. An empty key is anonymous. */
export type Reader = {
  readonly dn: string
  readonly key: string
  /** One of the configured service accounts: reads and writes everything. */
  readonly isWriter: boolean
  /** Signed in with a password that was reset: may only change it. */
  readonly mustChange: boolean
}

export const anonymous: Reader = { dn: '', key: '', isWriter: false, mustChange: false }

const secret = new Set(['userpassword', 'pwdhistory'])
const own = new Set([
  'pwdaccountlockedtime',
  'pwdreset',
  'pwdpolicysubentry',
  'pwdfailuretime',
  'pwdchangedtime',
])

/** Users read everything but passwords, and the state of an account only if it is theirs. `key` is a lower-cased name. */
export function isReadable(key: string, isOwn: boolean): boolean {
  return !secret.has(key) && (isOwn || !own.has(key))
}

/** Refuses whoever may not read the entries: nobody can see that there are any. */
export function requireReader(reader: Reader): void {
  requireNoChange(reader)
  if (reader.key === '') throw new Refusal('noSuchObject')
}

/** Refuses whoever may not write. */
export function requireWriter(reader: Reader): void {
  requireSignedIn(reader)
  requireNoChange(reader)
  if (!reader.isWriter) throw new Refusal('insufficientAccessRights')
}

/** Refuses whoever is not signed in (RFC 4511, `strongerAuthRequired`). */
export function requireSignedIn(reader: Reader): void {
  if (reader.key === '') throw new Refusal('strongerAuthRequired', 'modifications require authentication')
}

/** After a reset everything but changing the password is refused, with the reason in the policy control. */
export function requireNoChange(reader: Reader): void {
  if (!reader.mustChange) return
  throw new Refusal(
    'insufficientAccessRights',
    'Operations are restricted to bind/unbind/abandon/StartTLS/modify password',
    { policy: { error: 'changeAfterReset' } },
  )
}
