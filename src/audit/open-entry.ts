import { createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { decrypt } from '../store/aead.ts'
import type { Database } from '../store/postgres.ts'
import { SealBroken, type Sealer } from '../store/seal.ts'
import type { Entry, EntryParty } from './entry.ts'
import type { AuditAction, AuditResult } from './event.ts'

/** A person of the trail; who it is, is null once the person was forgotten. */
export type ListedParty =
  | { kind: 'person'; pseudonym: string; directory: string | null; id: string | null; login: string | null }
  | { kind: 'client' | 'system' | 'task' | 'run'; id: string }
  | { kind: 'anonymous' }

export type ListedEvent = {
  id: string
  time: Date
  action: AuditAction
  result: AuditResult
  code: string | null
  actor: ListedParty
  target: ListedParty | null
  reason: string | null
  requestId: string | null
  address: string | null
  client: string | null
}

const keyRow = z.object({ person: z.string(), sealed_key: z.string() })
const keysSql = `select person, sealed_key from audit_people
  where tenant = $1 and person = any($2::uuid[]) and sealed_key is not null`

export type Keys = ReadonlyMap<string, KeyObject>

/** The keys of all who are on the page, from the database: a key that was destroyed a moment ago must not open anything. */
export async function readKeys(
  database: Database,
  sealer: Sealer,
  tenant: string,
  page: readonly Entry[],
): Promise<Keys> {
  const wanted = page.flatMap(({ actor, target }) =>
    [actor, target].flatMap((party) => pseudonymOf(party) ?? []),
  )
  if (wanted.length === 0) return new Map()
  const rows = await database.query(keyRow, keysSql, [tenant, [...new Set(wanted)]])
  const keys = new Map<string, KeyObject>()
  for (const { person, sealed_key } of rows) {
    keys.set(person, createSecretKey(sealer.open('audit', ['person', tenant, person], sealed_key)))
  }
  return keys
}

function pseudonymOf(party: EntryParty | undefined): string | undefined {
  return party?.kind === 'person' ? party.person : undefined
}

/** An event as a person may read it. What was written about someone who was forgotten stays closed. */
export function openEntry(sealer: Sealer, keys: Keys, entry: Entry): ListedEvent {
  const { seq, time, action, result, code, actor, target, requestId, address, client } = entry
  return {
    id: String(seq),
    time: new Date(time),
    action,
    result,
    code: code ?? null,
    actor: openParty(keys, entry.tenant, actor),
    target: target === undefined ? null : openParty(keys, entry.tenant, target),
    reason: openReason(sealer, keys, entry),
    requestId: requestId ?? null,
    address: address ?? null,
    client: client ?? null,
  }
}

const identity = z.object({ directory: z.string(), id: z.string(), login: z.string() })

function openParty(keys: Keys, tenant: string, party: EntryParty): ListedParty {
  if (party.kind !== 'person') return party
  const key = keys.get(party.person)
  const who = key && decrypt(key, ['who', tenant, party.person], Buffer.from(party.who, 'base64'))
  const known = who === undefined ? undefined : identity.parse(JSON.parse(who.toString()))
  return {
    kind: 'person',
    pseudonym: party.person,
    directory: known?.directory ?? null,
    id: known?.id ?? null,
    login: known?.login ?? null,
  }
}

function openReason(sealer: Sealer, keys: Keys, { tenant, actor, target, reason }: Entry): string | null {
  if (reason === undefined) return null
  const holder = pseudonymOf(target) ?? pseudonymOf(actor)
  try {
    if (holder === undefined) return sealer.open('audit', ['reason', tenant], reason).toString()
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
  const key = keys.get(holder)
  return (key && decrypt(key, ['reason', tenant, holder], Buffer.from(reason, 'base64')))?.toString() ?? null
}
