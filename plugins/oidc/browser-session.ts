import type { BrowserSession } from '../session.ts'
import type { Artefacts } from './artefacts/artefacts.ts'
import { readSignedCookie, type CookieSigner } from './cookies.ts'
import { sessionTtl, type SessionLifetime } from './lifetimes.ts'

/** Seconds: a session in steady use is written once in that time, not at every request. */
const slideEvery = 60

export type BrowserSessionOptions = {
  artefacts: Artefacts
  cookieName: string
  signer: CookieSigner
  lifetime: SessionLifetime
  clock: () => Date
}

/** The signed-in session that a Cookie header opens, and that this use prolongs; null for none. One read of the store. */
export async function findBrowserSession(
  header: string | undefined,
  { artefacts, cookieName, signer, lifetime, clock }: BrowserSessionOptions,
): Promise<BrowserSession | null> {
  const id = readSignedCookie(header, cookieName, signer)
  if (id === undefined) return null
  const now = Math.floor(clock().getTime() / 1000)
  const payload = await artefacts.sessions.find(id, clock())
  if (payload === undefined) return null
  const { accountId, uid, loginTs, exp = 0 } = payload
  if (accountId === undefined || uid === undefined || loginTs === undefined || exp <= now) return null

  const ttl = sessionTtl(lifetime, loginTs, now)
  if (now + ttl - exp >= slideEvery) await artefacts.sessions.prolong(uid, ttl, clock())
  return { accountId, uid, loginTs }
}
