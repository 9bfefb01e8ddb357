import { hash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '../../src/access/actor.ts'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { deskActs } from '../../src/accounts/reason.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { targetSchema } from '../password-targets.ts'
import { SealBroken, type Sealer } from '../../src/store/seal.ts'

/** Seconds from the act to the page that tells of it. */
const lifetime = 120

const resultSchema = z.object({
  act: z.enum(deskActs),
  changed: z.boolean(),
  generated: z.string().nullable(),
  mustChange: z.boolean(),
  notified: z.boolean(),
  targets: z.array(targetSchema),
  renamed: z
    .object({ from: z.string(), failed: z.array(z.string()), unsearched: z.array(z.string()) })
    .nullable(),
})
/** What came of an act, as the next page tells it. */
export type ActResult = z.infer<typeof resultSchema>

/** Whose result it is: nobody else can read it, and on no other account's page. */
export type ResultOwner = { tenant: string; agent: string; login: string }

/**
 * Results of acts on their way from the form to the page that the browser is sent to. Read once: a reloaded page shows no password, and a link that
 * somebody made up shows nothing. Kept sealed.
 */
export function createActResults({ ephemeral, sealer }: { ephemeral: EphemeralStore; sealer: Sealer }) {
  const keyOf = ({ tenant }: ResultOwner, id: string) =>
    `desk-result:${tenant}:${hash('sha256', id, 'base64url')}`
  const contextOf = ({ tenant, agent, login }: ResultOwner) => ['desk-result', tenant, agent, login]
  return {
    /** Returns the id for the address of the page. */
    async keep(owner: ResultOwner, result: ActResult): Promise<string> {
      const id = randomBytes(16).toString('base64url')
      const sealed = sealer.seal('answer', contextOf(owner), JSON.stringify(result))
      await ephemeral.set(keyOf(owner, id), sealed, lifetime)
      return id
    },
    async take(owner: ResultOwner, id: string): Promise<ActResult | null> {
      const sealed = await ephemeral.take(keyOf(owner, id))
      if (sealed === null) return null
      try {
        return resultSchema.parse(JSON.parse(sealer.open('answer', contextOf(owner), sealed).toString()))
      } catch (error) {
        if (error instanceof SealBroken) return null
        throw error
      }
    },
  }
}

/** Who acts, as the owner of a result. */
export function agentOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return ''
    case 'client':
      return `client ${actor.client}`
    case 'person':
      return `person ${accountIdOf(actor.person)}`
  }
}

export type ActResults = ReturnType<typeof createActResults>
