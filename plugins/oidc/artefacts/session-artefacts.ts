import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider'
import type { AccountSessions } from './account-sessions.ts'
import { aliasLifetime } from '../lifetimes.ts'
import { readDocument } from './session-document.ts'
import type { SessionStore, Write } from './session-store.ts'
import type { RequestReads } from './request-reads.ts'

export type SessionArtefactOptions = {
  sessions: SessionStore
  accounts: AccountSessions
  reads: RequestReads
  clock: () => Date
}

/** The provider's browser sessions, as its library reads and writes them. */
export function sessionArtefacts({ sessions, accounts, reads, clock }: SessionArtefactOptions): Adapter {
  /** Refuses a sign-in that was overtaken by "end all sessions", e.g. of a person whose password was reset meanwhile. */
  async function admit(accountId: string, uid: string, loginTs: number): Promise<void> {
    const signedInAt = Provider.ctx?.oidc.result?.login?.['at']
    if (
      !(await accounts.wasEndedSince(accountId, typeof signedInAt === 'number' ? signedInAt : loginTs * 1000))
    )
      return
    await sessions.end(uid)
    throw new errors.AccessDenied('the account was secured meanwhile, sign in again')
  }

  return {
    find: (id) => sessions.find(id, clock()),
    async findByUid(uid) {
      return (await sessions.read(uid))?.payload
    },
    async upsert(id, payload, ttl = 1) {
      const { uid, accountId, loginTs = 0 } = payload
      if (uid === undefined) throw new TypeError('a session without uid')
      const now = clock()
      const rotation = rotationOf(id, now)
      const found = reads.known(sessions.keyOf(uid)) ?? null
      const signsIn = accountId !== undefined && isNewSignIn(found, payload)

      if (rotation !== undefined || found === null) await sessions.point(id, uid)
      if (signsIn) await accounts.add(accountId, uid, now)
      const write = { payload, ttl: Math.max(1, ttl), ...(rotation && { rotation }) }
      await sessions.write(uid, id, write, now)
      if (signsIn) await admit(accountId, uid, loginTs)
    },
    async destroy(id) {
      // The library destroys the former id before it writes the session under its new one: that is `rotationOf`, not an end.
      if (id === formerId()) return
      const uid = await sessions.uidOf(id)
      if (uid !== undefined) await sessions.end(uid)
    },
    consume: () => Promise.resolve(),
    findByUserCode: () => Promise.resolve(undefined),
    revokeByGrantId: () => Promise.resolve(),
  }
}

function isNewSignIn(found: string | null, { accountId, loginTs }: AdapterPayload): boolean {
  if (found === null) return true
  const before = readDocument(found).payload
  return before.accountId !== accountId || before.loginTs !== loginTs
}

/** The cookie value that `resetIdentifier` replaced in this request. */
function formerId(): string | undefined {
  const session = Provider.ctx?.oidc.session
  const id: unknown = session === undefined ? undefined : Reflect.get(session, 'oldId')
  return typeof id === 'string' ? id : undefined
}

/** At a sign-in the former value dies at once: whoever planted or saw it before must not be in. */
function rotationOf(id: string, now: Date): Write['rotation'] | undefined {
  const former = formerId()
  if (former === undefined || former === id) return undefined
  const signsIn = Provider.ctx?.oidc.result?.login !== undefined
  return { until: signsIn ? undefined : Math.floor(now.getTime() / 1000) + aliasLifetime }
}
