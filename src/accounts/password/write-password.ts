import type { AuditEvent } from '../../audit/event.ts'
import type { Trail } from '../../audit/trail.ts'
import type { AcceptedPassword } from '../../directory/accepted-password.ts'
import { text } from '../../ldap/entry.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { accountIdOf } from '../account-id.ts'
import { personParty } from '../trace.ts'
import { furtherPlace, primaryPlace, type Place } from './password-places.ts'
import { putPassword, putPasswordBeside, type By, type Put } from './put-password.ts'
import { targetOf, type Target } from './target.ts'
import { tryForAMoment } from './try-for-a-moment.ts'

export type Writing = {
  tenant: Tenant
  /** The account's own entry, with `passwordAttributes`. */
  account: Place
  password: AcceptedPassword
  by: By
  /** Of the act that this is a part of: each entry beside the account's own leaves an event like it. */
  event: Omit<AuditEvent, 'result' | 'time'>
}

type Services = { trail: Trail }

/**
 * Writes a new password where the person's password is, then in the directories that hold one of their own for the same people. Gives the
 * outcome for each, the one by which the person signs in first. Only that one may fail the whole: it throws, and nothing was written anywhere. From
 * there on the person has a new password, so that whatever happens is told and never thrown. Throws Problem `password-refused`,
 * `wrong-password`, `closed-elsewhere`, `password-elsewhere`.
 */
export async function writePassword(services: Services, writing: Writing, now: Date): Promise<Target[]> {
  const { tenant, account, password, by } = writing
  const primary = await primaryPlace(tenant, account, now)
  const put = await traced(services, writing, primary, () => putPassword(primary, password, by))
  const targets = [await withNtHash(services, writing, { place: primary, put }, now)]
  for (const directory of directoriesBeside(account)) {
    const target = await writeBeside(services, writing, { directory, primary }, now)
    if (target !== null) targets.push(target)
  }
  return targets
}

/** Writes in a directory beside the first; null when the person has no password there. Never throws. */
export async function writeBeside(
  services: Services,
  writing: Writing,
  { directory, primary }: { directory: string; primary?: Place },
  now: Date,
): Promise<Target | null> {
  const { password, by } = writing
  try {
    return await tryForAMoment(async () => {
      const place = await placeBeside(writing, directory)
      if (place === null || (primary !== undefined && isSame(place, primary))) return null
      const put = await traced(services, writing, place, () => putPasswordBeside(place, password, by))
      return await withNtHash(services, writing, { place, put }, now)
    })
  } catch (error) {
    return targetOf(directory, error)
  }
}

function directoriesBeside({ directory }: Place): string[] {
  return [...new Set(directory.settings.passwords.alsoIn.map((rule) => rule.directory))]
}

/** Of several rules for one directory, the one that leads to the person. */
export async function placeBeside(
  { tenant, account }: Pick<Writing, 'tenant' | 'account'>,
  directory: string,
): Promise<Place | null> {
  const rules = account.directory.settings.passwords.alsoIn.filter((rule) => rule.directory === directory)
  const places = await Promise.all(rules.map((rule) => furtherPlace(tenant, account, rule)))
  return places.find((place) => place !== null) ?? null
}

function isSame(one: Place, other: Place): boolean {
  return accountIdOf(one.ref) === accountIdOf(other.ref)
}

/** The act's own event tells of the account's own entry. */
async function traced<T>(
  { trail }: Services,
  { account, event }: Writing,
  place: Place,
  write: () => Promise<T>,
): Promise<T> {
  return isSame(account, place)
    ? await write()
    : await trail.act({ ...event, target: personParty(place.ref) }, write)
}

async function withNtHash(
  services: Services,
  writing: Writing,
  { place, put: { putBack } }: { place: Place; put: Put },
  now: Date,
): Promise<Target> {
  const { name } = place.directory
  return {
    directory: name,
    outcome: 'written',
    putBack,
    ntHash: await writeNtHash(services, writing, place, now),
  }
}

/** In an operation of its own: the password must not fail for its sake. Null where the entry has none. */
export async function writeNtHash(
  { trail }: Services,
  { event, password }: Pick<Writing, 'event' | 'password'>,
  { directory, ref, entry }: Place,
  now: Date,
): Promise<'written' | 'failed' | null> {
  if (!text(entry, 'objectClass').some((name) => name.toLowerCase() === 'sambasamaccount')) return null
  try {
    await directory.writeNtHash(ref.dn, password, now)
    return 'written'
  } catch {
    const failure = {
      ...event,
      target: personParty(ref),
      time: now,
      result: 'failed',
      code: 'nt-hash',
    } as const
    // The password is written: that this is not in the trail must not hide it.
    await trail.record(failure).catch(() => {})
    return 'failed'
  }
}
