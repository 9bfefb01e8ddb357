import type { Permit } from '../access/permit.ts'
import { isWithinReach, reachAttributes } from '../access/reach.ts'
import type { Audit } from '../audit/create-audit.ts'
import type { AuditPage, AuditQuery } from '../audit/list-events.ts'
import type { Trail } from '../audit/trail.ts'
import { Problem } from '../problems/problem.ts'
import { parseAccountId } from './account-id.ts'
import { findByLogin, type Asked, type Found } from './find-entry.ts'
import { personRefOf } from './person.ts'
import { eventOf, personParty, type RequestOrigin } from './trace.ts'

/** `person`: a login, or the account id of somebody who is no longer in the directory. */
export type AuditRequest = Omit<AuditQuery, 'person'> & { person?: string }

/**
 * A page of the audit, which itself leaves an event. Whoever has a role with a reach sees only the events of one person within it at a time. Throws
 * Problem `invalid-input` for a person whom nobody knows, or none where one is needed; `audit-unavailable`.
 */
export async function readAudit(
  { audit, trail }: { audit: Pick<Audit, 'list'>; trail: Pick<Trail, 'record'> },
  permit: Permit<'audit.read'>,
  { person: named, ...query }: AuditRequest,
  origin: RequestOrigin,
  now: Date,
): Promise<AuditPage> {
  const { tenant } = permit.agent
  if (permit.reach !== null && named === undefined) throw refused('required')
  const person = named === undefined ? undefined : await findPerson(permit, named)
  const page = await audit.list(tenant.name, { ...query, ...(person !== undefined && { person }) })
  // Before anything is shown, but after it was read: the first thing on the page is not that somebody reads it.
  await trail.record({
    ...eventOf(permit.agent, origin),
    time: now,
    action: 'audit.read',
    result: 'done',
    ...targetOf(person),
  })
  return page
}

type Named = { directory: string; id: string; login?: string }

async function findPerson(permit: Permit<'audit.read'>, named: string): Promise<Named> {
  const { tenant } = permit.agent
  const asked: Asked = (directory) => [
    directory.idAttribute,
    directory.attributes.login,
    ...reachAttributes(permit.agent.roles),
  ]
  // Agents need not be among the accounts that the desk looks after.
  const found: Found | null =
    (await findByLogin(tenant, 'signIn', named, asked)) ?? (await findByLogin(tenant, 'desk', named, asked))
  if (found !== null) {
    if (!isWithinReach(permit.reach, found.entry)) throw refused('unknown-person')
    return personRefOf(found.branch.directory, found.entry)
  }
  const gone = parseAccountId(named)
  if (gone === null || permit.reach !== null || !tenant.directories.has(gone.directory))
    throw refused('unknown-person')
  return gone
}

/** Somebody who is gone has no login to be written down with. */
function targetOf(person: Named | undefined) {
  if (person?.login === undefined) return {}
  const { directory, id, login } = person
  return { target: personParty({ directory, id, login }) }
}

function refused(reason: 'required' | 'unknown-person'): Problem {
  return new Problem('invalid-input', { faults: [{ field: 'person', reason }] })
}
