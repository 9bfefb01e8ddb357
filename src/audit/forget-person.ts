import type { Audit } from './create-audit.ts'
import type { AuditEvent, AuditPerson } from './event.ts'
import type { People } from './people.ts'

/** Who is forgotten, and the event that tells of it (without its target). */
export type Forgetting = Pick<AuditEvent, 'tenant' | 'actor' | 'requestId' | 'address'> & {
  person: AuditPerson
}

/** See `Audit.forget`. Does nothing when nothing is known of the person. */
export async function forgetPerson(
  audit: Pick<Audit, 'record'>,
  people: People,
  { person, ...who }: Forgetting,
  clock: () => Date,
): Promise<void> {
  if ((await people.lookUp(who.tenant, person)) === undefined) return
  const event = { ...who, action: 'audit.forget' } as const
  await audit.record({ ...event, target: person, time: clock(), result: 'attempted' })
  await people.destroy(who.tenant, person, clock())
  // Without its target: to name it again would make a new pseudonym, with a key.
  await audit.record({ ...event, time: clock(), result: 'done' })
}
