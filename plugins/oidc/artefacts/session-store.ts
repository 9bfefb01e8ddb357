import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { AdapterPayload } from 'oidc-provider'
import { Problem } from '../../../src/problems/problem.ts'
import type { EphemeralStore } from '../../../src/store/ephemeral.ts'
import { artefactKey } from './artefact-key.ts'
import { mergeSession } from './merge-session.ts'
import type { RequestReads } from './request-reads.ts'
import {
  opens,
  readDocument,
  rotateHandles,
  writeDocument,
  type SessionDocument,
} from './session-document.ts'

/** More writers than one browser session can have at once. */
const MAX_TRIES = 64
const POINTERS = 20_000

export type Write = {
  payload: AdapterPayload
  ttl: number
  /** Present when the browser gets a new cookie value: until when (seconds) its former ones stay good. */
  rotation?: { until: number | undefined }
}

/** Browser sessions in the ephemeral store: the document under the session's uid, and for each cookie value a pointer to that uid. */
export type SessionStore = ReturnType<typeof createSessionStore>

/** The sessions of a tenant. `pointerTtl` (seconds): how long a cookie value leads to its session, the longest that one may live. */
export function createSessionStore(
  tenant: string,
  { store, reads, pointerTtl }: { store: EphemeralStore; reads: RequestReads; pointerTtl: number },
) {
  const keyOf = (uid: string) => `oidc:${tenant}:Session:${uid}`
  const pointerOf = (id: string) => artefactKey(tenant, 'SessionId', id)
  // A pointer never changes and proves nothing, the document decides: so it may be remembered.
  const pointers = new LRUCache<string, string>({ max: POINTERS })

  async function uidOf(id: string): Promise<string | undefined> {
    const pointer = pointerOf(id)
    const known = pointers.get(pointer)
    if (known !== undefined) return known
    const uid = await store.get(pointer)
    if (uid !== null) pointers.set(pointer, uid)
    return uid ?? undefined
  }

  async function read(uid: string): Promise<SessionDocument | null> {
    const stored = await reads.get(keyOf(uid))
    return stored === null ? null : readDocument(stored)
  }

  return {
    keyOf,
    uidOf,
    read,
    /** The session that the cookie value `id` opens. */
    async find(id: string, now: Date): Promise<AdapterPayload | undefined> {
      const uid = await uidOf(id)
      const document = uid === undefined ? null : await read(uid)
      if (document === null || !opens(document, handleHash(id), seconds(now))) return undefined
      return { ...document.payload, jti: id }
    },
    async point(id: string, uid: string): Promise<void> {
      await store.set(pointerOf(id), uid, pointerTtl)
      pointers.set(pointerOf(id), uid)
    },
    write: (uid: string, id: string, change: Write, now: Date) =>
      writeSession({ store, reads, key: keyOf(uid) }, id, change, seconds(now)),
    /** Makes the session live `ttl` seconds from now. When another request writes at that moment, it does that too. */
    async prolong(uid: string, ttl: number, now: Date): Promise<void> {
      const stored = await store.get(keyOf(uid))
      if (stored === null) return
      const document = readDocument(stored)
      const payload = { ...document.payload, exp: seconds(now) + ttl }
      await store.compareAndSet(keyOf(uid), stored, writeDocument({ ...document, payload }), ttl)
    },
    async end(uid: string): Promise<void> {
      reads.note(keyOf(uid), null)
      await store.delete(keyOf(uid))
    },
  }
}

/**
 * Writes what a request made of the session, joined with what others made of it since the request read it. A session that was ended meanwhile
 * stays ended: false.
 */
async function writeSession(
  { store, reads, key }: { store: EphemeralStore; reads: RequestReads; key: string },
  id: string,
  { payload, ttl, rotation }: Write,
  now: number,
): Promise<boolean> {
  const found = reads.known(key) ?? null
  const base = found === null ? null : readDocument(found)
  let stored = found
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (stored === null && base !== null) return false
    const theirs = stored === null ? null : readDocument(stored)
    const next = joined({ base, theirs, payload, hash: handleHash(id), rotation }, now)
    if (await store.compareAndSet(key, stored, next, ttl)) {
      reads.note(key, next)
      return true
    }
    stored = await store.get(key)
  }
  throw new Problem('store-unavailable', { retryAfter: 1 })
}

type Joining = {
  base: SessionDocument | null
  theirs: SessionDocument | null
  payload: AdapterPayload
  hash: string
  rotation: Write['rotation']
}

function joined({ base, theirs, payload, hash: handle, rotation }: Joining, now: number): string {
  const before = base?.handles ?? []
  const handles = theirs?.handles ?? before
  return writeDocument({
    payload: theirs === null ? payload : mergeSession(base?.payload ?? {}, payload, theirs.payload),
    handles:
      handles.length > 0 && rotation === undefined
        ? handles
        : rotateHandles(handles, { hash: handle, before, until: rotation?.until }, now),
  })
}

function handleHash(id: string): string {
  return hash('sha256', id, 'base64url')
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
