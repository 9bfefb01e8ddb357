import { hash } from 'node:crypto'
import { z } from 'zod'
import { auditActions, auditResults } from './event.ts'

/** A person as pseudonym, `who` encrypted under the person's key; anything else by its id. */
const party = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), person: z.uuid(), who: z.string() }),
  z.object({ kind: z.literal('client'), id: z.string() }),
  z.object({ kind: z.literal('system'), id: z.string() }),
  z.object({ kind: z.enum(['task', 'run']), id: z.string() }),
  z.object({ kind: z.literal('anonymous') }),
])
export type EntryParty = z.infer<typeof party>

const factsShape = {
  time: z.iso.datetime(),
  action: z.enum(auditActions),
  result: z.enum(auditResults),
  code: z.string().optional(),
  actor: party,
  target: party.optional(),
  /** Encrypted, see `reasonHolder`. */
  reason: z.string().optional(),
  requestId: z.string().optional(),
  address: z.string().optional(),
  client: z.string().optional(),
}
const facts = z.object(factsShape)
export type Facts = z.infer<typeof facts>

/** An event as it is kept. `v` changes when the meaning of anything here does. */
export const entrySchema = z.object({
  v: z.literal(1),
  tenant: z.string(),
  segment: z.int(),
  seq: z.int(),
  /** Hash of the entry before, also across segments. */
  prev: z.string(),
  ...factsShape,
})
export type Entry = z.infer<typeof entrySchema>

/** What the first entry of a tenant has as `prev`. */
export const genesis = '0'.repeat(64)

/**
 * The canonical form: JSON of the fields in the order of `entrySchema`, absent ones left out, as `JSON.stringify` writes it (no white
 * space). It is kept as text, so nothing ever has to write it again to check it.
 */
export function writeEntry(
  { tenant, segment, seq }: Pick<Entry, 'tenant' | 'segment' | 'seq'>,
  prev: string,
  event: Facts,
): string {
  const { time, action, result, code, actor, target, reason, requestId, address, client } = event
  const kept = { v: 1, tenant, segment, seq, prev, time, action, result, code, actor, target }
  return JSON.stringify({ ...kept, reason, requestId, address, client })
}

/** SHA-256 of the entry's UTF-8 text, in hex. */
export function hashEntry(text: string): string {
  return hash('sha256', text, 'hex')
}
