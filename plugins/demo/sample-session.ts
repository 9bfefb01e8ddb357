import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'

const cookie = 'sample-app'
/** In seconds: a day when signed in, ten minutes from "sign in" to the code. */
const lifetimes = { 'signed-in': 86_400, 'signing-in': 600 }

const claims = z.record(z.string(), z.unknown())
const sessionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signing-in'), verifier: z.string(), state: z.string(), nonce: z.string() }),
  z.object({
    kind: z.literal('signed-in'),
    subject: z.string(),
    accessToken: z.string(),
    refreshToken: z.string(),
    idToken: z.string(),
    idTokenClaims: claims,
    /** How often the tokens were renewed. */
    renewals: z.int(),
  }),
])

export type SampleSession = z.infer<typeof sessionSchema>
export type SignedIn = SampleSession & { kind: 'signed-in' }

/** Sessions of the sample application, which shares nothing with those of the provider. The cookie holds a random name and nothing else. */
export function createSampleSessions(store: EphemeralStore) {
  const keyOf = ({ tenant }: FastifyRequest, id: string) => `sample-app:${tenant.name}:${id}`
  const idOf = (request: FastifyRequest) => request.cookies[cookie] ?? ''

  return {
    async find(request: FastifyRequest): Promise<SampleSession | null> {
      const stored = await store.get(keyOf(request, idOf(request)))
      return stored === null ? null : sessionSchema.parse(JSON.parse(stored))
    },
    /** Under a new name, so that who knew the former one has nothing. */
    async start(request: FastifyRequest, reply: FastifyReply, session: SampleSession): Promise<void> {
      await store.delete(keyOf(request, idOf(request)))
      const id = randomBytes(32).toString('base64url')
      const ttl = lifetimes[session.kind]
      await store.set(keyOf(request, id), JSON.stringify(session), ttl)
      // Not `secure`: the demo is on http. `lax`, because the way back from the provider comes from elsewhere.
      reply.setCookie(cookie, id, { path: '/demo/app', httpOnly: true, sameSite: 'lax', maxAge: ttl })
    },
    async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      await store.delete(keyOf(request, idOf(request)))
      reply.clearCookie(cookie, { path: '/demo/app' })
    },
  }
}
