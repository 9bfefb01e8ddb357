import type { AdapterPayload } from 'oidc-provider'
import { z } from 'zod'

/** A cookie value that opens the session, as a hash. With `until` (seconds) it is a former one, still good for requests in flight. */
export type SessionHandle = { hash: string; until?: number }

/** A browser session as it is stored, under its uid: without the cookie value. */
export type SessionDocument = { payload: AdapterPayload; handles: SessionHandle[] }

const schema = z.object({
  payload: z.custom<AdapterPayload>((value) => typeof value === 'object' && value !== null),
  handles: z.array(z.object({ hash: z.string(), until: z.number().optional() })),
})

/** The document as `writeDocument` wrote it. Throws on any other text. */
export function readDocument(stored: string): SessionDocument {
  const { payload, handles } = schema.parse(JSON.parse(stored))
  return {
    payload,
    handles: handles.map(({ hash, until }) => (until === undefined ? { hash } : { hash, until })),
  }
}

/** The document as text, without `jti`: that is the cookie value. */
export function writeDocument({ payload: { jti: _, ...payload }, handles }: SessionDocument): string {
  return JSON.stringify({ payload, handles })
}

/** Whether the cookie value with that hash opens the session at `now` (seconds). */
export function opens(document: SessionDocument, hash: string, now: number): boolean {
  return document.handles.some((handle) => handle.hash === hash && (handle.until ?? Infinity) > now)
}

export type Rotation = {
  /** Hash of the new cookie value. */
  hash: string
  /** The handles that the request found. */
  before: readonly SessionHandle[]
  /** Seconds until which they still open the session; undefined: they do not. */
  until: number | undefined
}

/** The handles after a request that gave the browser a new cookie value. Those that another request made meanwhile stay. */
export function rotateHandles(
  stored: readonly SessionHandle[],
  rotation: Rotation,
  now: number,
): SessionHandle[] {
  const { hash, before, until } = rotation
  const former = new Set(before.map((handle) => handle.hash))
  const kept = stored.flatMap((handle): SessionHandle[] => {
    if (handle.hash === hash) return []
    if (!former.has(handle.hash)) return until === undefined ? [] : [handle]
    const end = Math.min(handle.until ?? Infinity, until ?? 0)
    return end > now ? [{ hash: handle.hash, until: end }] : []
  })
  return [{ hash }, ...kept]
}
