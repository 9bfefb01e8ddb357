import type { Actor, PersonRef } from '../access/actor.ts'
import type { AuditEvent, AuditParty } from '../audit/event.ts'

/** Where a request came from, for the audit. */
export type RequestOrigin = { requestId?: string; address?: string }

/** The parts of an audit event that every act of an actor has. */
export function eventOf(actor: Actor, origin: RequestOrigin): Omit<AuditEvent, 'action' | 'result' | 'time'> {
  return {
    tenant: actor.tenant.name,
    actor: partyOf(actor),
    ...origin,
    ...(actor.kind === 'person' && actor.client !== undefined && { client: actor.client }),
  }
}

/** A person as the audit knows them. */
export function personParty({
  directory,
  id,
  login,
}: Pick<PersonRef, 'directory' | 'id' | 'login'>): AuditParty {
  return { kind: 'person', directory, id, login }
}

/** An actor as the audit knows them. */
export function partyOf(actor: Actor): AuditParty {
  switch (actor.kind) {
    case 'anonymous':
      return { kind: 'anonymous' }
    case 'client':
      return { kind: 'client', id: actor.client }
    case 'person':
      return personParty(actor.person)
  }
}
