import { encrypt } from '../store/aead.ts'
import type { Sealer } from '../store/seal.ts'
import type { EntryParty, Facts } from './entry.ts'
import type { AuditEvent, AuditParty, AuditPerson } from './event.ts'
import type { KnownPerson } from './people.ts'

/** The people of an event, the actor first. */
export function peopleOf({ actor, target }: AuditEvent): AuditPerson[] {
  return [actor, target].filter((party) => party?.kind === 'person')
}

/** An event as it is kept: people by pseudonym, what says who they are encrypted. `known` has all of `peopleOf(event)`. */
export function toFacts(
  sealer: Sealer,
  event: AuditEvent,
  known: ReadonlyMap<AuditParty, KnownPerson>,
): Facts {
  const { tenant, actor, target } = event
  const holder = (target && known.get(target)) ?? known.get(actor)
  return {
    time: event.time.toISOString(),
    action: event.action,
    result: event.result,
    actor: toParty(actor, known.get(actor)),
    code: inert(event.code),
    target: target && toParty(target, known.get(target)),
    reason: sealReason(sealer, tenant, holder, event.reason),
    requestId: inert(event.requestId),
    address: inert(event.address),
    client: inert(event.client),
  }
}

function toParty(party: AuditParty, known: KnownPerson | undefined): EntryParty {
  if (party.kind === 'anonymous') return { kind: 'anonymous' }
  if (party.kind !== 'person') return { kind: party.kind, id: inert(party.id) ?? '' }
  if (known === undefined) throw new Error('an event has a person that was not looked up')
  return { kind: 'person', person: known.person, who: known.who }
}

/** A reason speaks of the target: it is encrypted under the target's key, else the actor's, else ours. */
function sealReason(
  sealer: Sealer,
  tenant: string,
  holder: KnownPerson | undefined,
  reason: string | undefined,
): string | undefined {
  if (reason === undefined) return undefined
  if (holder === undefined) return sealer.seal('audit', ['reason', tenant], reason)
  return encrypt(holder.key, ['reason', tenant, holder.person], Buffer.from(reason)).toString('base64')
}

/** PostgreSQL's json knows no NUL and no half characters; what strangers send may have both, and must not stop the trail. */
function inert(text: string | undefined): string | undefined {
  return text?.slice(0, 1_000).toWellFormed().replaceAll('\0', '\uFFFD')
}
