import { z } from 'zod'
import { auditActions, auditResults } from '../../src/audit/event.ts'
import type { ListedEvent } from '../../src/audit/open-entry.ts'

const partySchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('person'),
      pseudonym: z.string().describe('The same in all events of a person; not the id of the account.'),
      directory: z.string().nullable(),
      id: z.string().nullable(),
      login: z.string().nullable().describe('At the time of the event; null for a person who was forgotten.'),
    }),
    z.object({ kind: z.enum(['client', 'system', 'task', 'run']), id: z.string() }),
    z.object({ kind: z.literal('anonymous') }),
  ])
  .meta({ id: 'AuditParty' })

/** An event as the API shows it. */
export const eventSchema = z
  .object({
    id: z.string(),
    time: z.iso.datetime(),
    action: z.enum(auditActions),
    result: z.enum(auditResults),
    code: z.string().nullable(),
    actor: partySchema,
    target: partySchema.nullable(),
    reason: z.string().nullable(),
    requestId: z.string().nullable(),
    address: z.string().nullable(),
    client: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' })

export function eventDocument(event: ListedEvent): z.infer<typeof eventSchema> {
  return { ...event, time: event.time.toISOString() }
}
