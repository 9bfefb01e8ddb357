import type { AdapterPayload } from 'oidc-provider'
import { z } from 'zod'

/** The library's payloads are its own: we only need them to be objects. */
const payloadSchema = z.custom<AdapterPayload>((value) => typeof value === 'object' && value !== null)

/** An artefact as it is stored: without its id, which is the bearer's secret. */
export function encodeArtefact({ jti: _, ...payload }: AdapterPayload): string {
  return JSON.stringify(payload)
}

/** The artefact with the id by which it was asked for. */
export function decodeArtefact(stored: string, id: string): AdapterPayload {
  return { ...payloadSchema.parse(JSON.parse(stored)), jti: id }
}
