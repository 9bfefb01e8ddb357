import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../src/access/actor.ts'
import { accountIdOf } from '../src/accounts/account-id.ts'
import { Problem } from '../src/problems/problem.ts'
import type { EphemeralStore } from '../src/store/ephemeral.ts'
import type { Sealer } from '../src/store/seal.ts'

/** Seconds that an answer is kept, and that an act may take before its key is free again (its process may have died). */
const KEPT = 86_400
const LONGEST_ACT = 120

/** `schema.headers` of an unsafe API route whose handler uses `once`. */
export const idempotencyHeader = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Of your choice, new for each request: sent again within a day, it gives the first answer and does nothing.',
    ),
})

/** Runs `act` once for the caller's Idempotency-Key and gives its answer, which `answer` describes, to every repetition. */
export type Once = <T>(
  request: FastifyRequest,
  actor: Actor,
  answer: z.ZodType<T>,
  act: () => Promise<T>,
) => Promise<T>

const recordSchema = z.object({ print: z.string(), sealed: z.string().optional() })

/**
 * Answers may hold a generated password: they are kept sealed. What was refused or failed is not kept, the same request may then be tried again. Call
 * `once` when the caller's right to act is known; who has not signed in has no keys. Throws Problem `in-progress`, `key-reused`.
 */
export function createOnce({ ephemeral, sealer }: { ephemeral: EphemeralStore; sealer: Sealer }): Once {
  return async (request, actor, answer, act) => {
    const given = request.headers['idempotency-key']
    const owner = ownerOf(actor)
    if (typeof given !== 'string' || owner === null) return await act()
    const key = `idempotency:${actor.tenant.name}:${hashOf(`${owner}\n${given}`)}`
    const text = JSON.stringify([request.method, request.url, request.body])
    // A signature and no hash: the body may hold a password.
    const print = sealer.mac('answer', text)
    const isMine = await ephemeral.compareAndSet(key, null, JSON.stringify({ print }), LONGEST_ACT)
    if (!isMine) {
      const stored = await ephemeral.get(key)
      const record = stored === null ? null : recordSchema.parse(JSON.parse(stored))
      if (record !== null && !sealer.isMac('answer', text, record.print)) throw new Problem('key-reused')
      if (record?.sealed === undefined) throw new Problem('in-progress', { retryAfter: 1 })
      return answer.parse(JSON.parse(sealer.open('answer', [key], record.sealed).toString()))
    }
    const forget = (error: unknown) => request.log.warn({ err: error }, 'idempotency key not kept')
    const result = await act().catch(async (error: unknown) => {
      await ephemeral.delete(key).catch(forget)
      throw error
    })
    const sealed = sealer.seal('answer', [key], JSON.stringify(result))
    // The act is done: its answer matters more than that it can be repeated.
    await ephemeral.set(key, JSON.stringify({ print, sealed }), KEPT).catch(forget)
    return result
  }
}

function ownerOf(actor: Actor): string | null {
  switch (actor.kind) {
    case 'anonymous':
      return null
    case 'client':
      return `client ${actor.client}`
    case 'person':
      return `person ${accountIdOf(actor.person)}`
  }
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url')
}
