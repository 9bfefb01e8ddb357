import { z } from 'zod'
import { Problem } from '../../../src/problems/problem.ts'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import type { Queries } from '../../../src/store/postgres.ts'
import { artefactHash, artefactKey } from './artefact-key.ts'
import { isDurable, type Grants } from './grants.ts'
import { interactionLifetime } from '../lifetimes.ts'
import { readDocument } from './session-document.ts'
import type { SessionStore } from './session-store.ts'

const MAX_TRIES = 64
const listSchema = z.array(z.tuple([z.string(), z.number()]))

type Options = {
  store: EphemeralStore
  database: Queries
  sessions: SessionStore
  grants: Grants
  /** Seconds that a session may live. */
  absoluteLifetime: number
}

/** Which sessions a person has, so that all of them can be ended. */
export type AccountSessions = ReturnType<typeof createAccountSessions>

export function createAccountSessions(tenant: string, options: Options) {
  const { store, database, sessions, grants, absoluteLifetime } = options
  const listKey = (accountId: string) => artefactKey(tenant, 'AccountSessions', accountId)
  const endedKey = (accountId: string) => artefactKey(tenant, 'AccountEnded', accountId)

  async function uidsOf(accountId: string): Promise<string[]> {
    const stored = await store.get(listKey(accountId))
    return stored === null ? [] : listSchema.parse(JSON.parse(stored)).map(([uid]) => uid)
  }

  /** The grants of the sessions, read from their documents. `lasting` ones were meant to outlive the session. */
  async function grantsOf(uids: readonly string[]): Promise<{ id: string; lasting: boolean }[]> {
    if (uids.length === 0) return []
    const documents = await store.getMany(uids.map(sessions.keyOf))
    return documents.flatMap((stored) => {
      const { authorizations = {} } = stored === null ? {} : readDocument(stored).payload
      return Object.values(authorizations).flatMap(({ grantId: id, persistsLogout: lasting = false }) =>
        id === undefined ? [] : [{ id, lasting }],
      )
    })
  }

  return {
    /** Notes a new session *before* it is written: there is never one that `endAll` would not find. */
    async add(accountId: string, uid: string, now: Date): Promise<void> {
      const key = listKey(accountId)
      const seconds = Math.floor(now.getTime() / 1000)
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await store.get(key)
        const known = stored === null ? [] : listSchema.parse(JSON.parse(stored))
        const kept = known.filter(([other, until]) => other !== uid && until > seconds)
        const next = JSON.stringify([...kept, [uid, seconds + absoluteLifetime]])
        if (await store.compareAndSet(key, stored, next, absoluteLifetime)) return
      }
      throw new Problem('store-unavailable', { retryAfter: 1 })
    },
    /** Ends one session and revokes what was issued in it, but for what was meant to outlive sessions. */
    async end(uid: string): Promise<void> {
      const dead = await grantsOf([uid])
      await sessions.end(uid)
      for (const { id, lasting } of dead) if (!lasting) await grants.destroy(id)
    },
    /** Whether the account's sessions were ended after its password was proven at `signedInAt` (milliseconds). */
    async wasEndedSince(accountId: string, signedInAt: number): Promise<boolean> {
      const ended = await store.get(endedKey(accountId))
      return ended !== null && signedInAt < Number(ended)
    },
    /**
     * Ends every session of the account but `except` and revokes what was issued in them, refresh tokens that outlive sessions included.
     * A sign-in whose password was proven before and that has not come through yet is refused.
     */
    async endAll(accountId: string, except: string | undefined, now: Date): Promise<void> {
      await store.set(endedKey(accountId), String(now.getTime()), interactionLifetime)
      const uids = (await uidsOf(accountId)).filter((uid) => uid !== except)
      const [dead, kept] = await Promise.all([grantsOf(uids), grantsOf(except === undefined ? [] : [except])])
      const shortLived = dead.filter(({ id }) => !isDurable(id)).map(({ id }) => grants.keyOf(id))
      const keys = [...uids.map(sessions.keyOf), ...shortLived]
      if (keys.length > 0) await store.delete(...keys)
      const sql = 'delete from oidc_grants where tenant = $1 and account_id = $2 and not (id = any($3))'
      await database.execute(sql, [tenant, accountId, kept.map(({ id }) => artefactHash(id))])
    },
  }
}
