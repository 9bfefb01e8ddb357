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
  /** Asked before each write beside the first: throws when a newer password has been written since. */
  refuseOutdated?: () => Promise<void>
}

type Services = { trail: Trail }

/**
 * Writes a new password where the person's password is. Gives the place, and what came of it: there, and of the NT hash beside a password that is
 * elsewhere. Throws Problem `password-refused`, `wrong-password`, `closed-elsewhere`, `password-elsewhere`, and nothing was written then.
 */
export async function writeFirst(
  services: Services,
  writing: Writing,
  now: Date,
): Promise<{ primary: Place; targets: Target[] }> {
  const { tenant, account, password, by } = writing
  const primary = await primaryPlace(tenant, account, now)
  const put = await traced(services, writing, primary, () => putPassword(primary, password, by))
  const first = await toldOf(services, writing, { place: primary, put }, now)
  const own = isSame(primary, account) ? null : await ownNtHash(services, writing, now)
  return { primary, targets: own === null ? [first] : [first, own] }
}

/** Writes it in the directories that hold a password of their own for the same people. The person has a new password by now: whatever happens is told, never thrown. */
export async function writeFurther(
  services: Services,
  writing: Writing,
  primary: Place,
  now: Date,
): Promise<Target[]> {
  const targets: Target[] = []
  for (const directory of directoriesBeside(writing.account)) {
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
      await writing.refuseOutdated?.()
      const put = await traced(services, writing, place, () => putPasswordBeside(place, password, by))
      return await toldOf(services, writing, { place, put }, now)
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

async function toldOf(
  services: Services,
  writing: Writing,
  { place, put: { putBack, lost } }: { place: Place; put: Put },
  now: Date,
): Promise<Target> {
  for (const what of lost) await traceLoss(services, writing, { place, code: `${what}-lost` }, now)
  const ntHash = await writeNtHash(services, writing, place, now)
  return { directory: place.directory.name, outcome: 'written', putBack, lost, ntHash }
}

/** Of an account whose password is elsewhere: what cannot bind, as MSCHAPv2, still asks its own entry. Null where that has no NT hash. */
async function ownNtHash(services: Services, writing: Writing, now: Date): Promise<Target | null> {
  const { account } = writing
  const ntHash = await writeNtHash(services, writing, account, now)
  return ntHash === null
    ? null
    : { directory: account.directory.name, outcome: 'written', putBack: [], lost: [], ntHash }
}

/** In an operation of its own: the password must not fail for its sake. Null where the entry has none. */
export async function writeNtHash(
  services: Services,
  writing: Pick<Writing, 'event' | 'password'>,
  place: Place,
  now: Date,
): Promise<'written' | 'failed' | null> {
  const { directory, ref, entry } = place
  if (!text(entry, 'objectClass').some((name) => name.toLowerCase() === 'sambasamaccount')) return null
  try {
    await directory.writeNtHash(ref.dn, writing.password, now)
    return 'written'
  } catch {
    await traceLoss(services, writing, { place, code: 'nt-hash' }, now)
    return 'failed'
  }
}

/** The password is written: that this is not in the trail must not hide it. */
async function traceLoss(
  { trail }: Services,
  { event }: Pick<Writing, 'event'>,
  { place, code }: { place: Place; code: string },
  now: Date,
): Promise<void> {
  const loss = { ...event, target: personParty(place.ref), time: now, result: 'failed', code } as const
  await trail.record(loss).catch(() => {})
}
