import { AcceptedPassword } from '../../directory/accepted-password.ts'
import type { Trail } from '../../audit/trail.ts'
import { Problem } from '../../problems/problem.ts'
import { accountIdOf } from '../account-id.ts'
import { primaryPlace } from './password-places.ts'
import { isComplete, type Target } from './target.ts'
import {
  forgetUnfinished,
  isClaimed,
  keepUnfinished,
  takeUnfinished,
  type Unfinished,
  type UnfinishedOwner,
  type UnfinishedStore,
} from './unfinished-write.ts'
import {
  placeBeside,
  writeBeside,
  writeFirst,
  writeFurther,
  writeNtHash,
  type Writing,
} from './write-password.ts'

export type WriteServices = UnfinishedStore & { trail: Trail }

/** What came of a new password in each directory. `retry`: by it what is missing can be written within ten minutes; null when nothing is, or nothing can be. */
export type Written = { targets: readonly Target[]; isComplete: boolean; retry: string | null }

/**
 * Writes a new password wherever the person's passwords are, the one by which they sign in first: only that one may fail the whole, and nothing was written then
 * (`writeFirst` says what is thrown). What a directory that is down did not take is kept for another try by the same party.
 */
export async function writeEverywhere(
  services: WriteServices,
  writing: Writing,
  now: Date,
): Promise<Written> {
  const first = await writeFirst(services, writing, now)
  // Before anything is written beside: whoever finishes an older one must not come after us.
  await forget(services, writing)
  const targets = [...first.targets, ...(await writeFurther(services, writing, first.primary, now))]
  const { password, by } = writing
  const mustChange = 'mustChange' in by && by.mustChange
  const kept = { password: password.reveal(), mustChange, missing: missingOf(targets) }
  return { targets, isComplete: isComplete(targets), retry: await keep(services, writing, kept, now) }
}

/** Writes what is missing. Throws Problem `not-found` when it is not this party's, too old, or a newer password has ended it, also meanwhile. */
export async function finishWriting(
  services: WriteServices,
  about: Omit<Writing, 'password' | 'by'>,
  id: string,
  now: Date,
): Promise<Written> {
  const owner = ownerOf(about)
  const claimed = await takeUnfinished(services, owner, id)
  const password = claimed && AcceptedPassword.accept(claimed.found.password, [])
  if (!claimed || !password) throw new Problem('not-found')
  const { found, claim } = claimed
  const refuseOutdated = async () => {
    if (!(await isClaimed(services, owner, claim))) throw new Problem('not-found')
  }
  const writing = { ...about, password, by: { mustChange: found.mustChange }, refuseOutdated }
  const targets: Target[] = []
  for (const missing of found.missing) {
    const target = await finishOne(services, writing, missing, now)
    if (target !== null) targets.push(target)
  }
  await refuseOutdated()
  const left = { ...found, missing: missingOf(targets), claim }
  return { targets, isComplete: isComplete(targets), retry: await keep(services, writing, left, now) }
}

async function finishOne(
  services: WriteServices,
  writing: Writing,
  { directory, part }: Unfinished['missing'][number],
  now: Date,
): Promise<Target | null> {
  if (part === 'password') return await writeBeside(services, writing, { directory }, now)
  const ntHash = await ntHashAt(services, writing, directory, now).catch(() => 'failed' as const)
  return { directory, outcome: 'written', putBack: [], lost: [], ntHash }
}

/** Of every entry of the person there: their own may stand beside that which has the password. */
async function ntHashAt(
  services: WriteServices,
  writing: Writing,
  directory: string,
  now: Date,
): Promise<'written' | 'failed' | null> {
  const { tenant, account } = writing
  const places = [account, await primaryPlace(tenant, account, now), await placeBeside(writing, directory)]
  const there = new Map(
    places
      .filter((place) => place?.directory.name === directory)
      .flatMap((place) => (place === null ? [] : [[accountIdOf(place.ref), place] as const])),
  )
  await writing.refuseOutdated?.()
  const done: ('written' | 'failed' | null)[] = []
  for (const place of there.values()) done.push(await writeNtHash(services, writing, place, now))
  return done.includes('failed') ? 'failed' : (done.find((one) => one !== null) ?? null)
}

/** What another try may bring; a refusal stays one. */
function missingOf(targets: readonly Target[]): Unfinished['missing'] {
  return targets.flatMap((target): Unfinished['missing'] => {
    const { directory } = target
    if (target.outcome === 'failed') return [{ directory, part: 'password' }]
    return target.outcome === 'written' && target.ntHash === 'failed' ? [{ directory, part: 'nt-hash' }] : []
  })
}

/** The password is written: without the store it cannot be tried again, which is told. */
async function keep(
  services: WriteServices,
  writing: Writing,
  unfinished: Parameters<typeof keepUnfinished>[2],
  now: Date,
): Promise<string | null> {
  if (unfinished.missing.length === 0) return null
  return await orNull(() => keepUnfinished(services, ownerOf(writing), unfinished, now))
}

async function forget(services: WriteServices, writing: Writing): Promise<void> {
  await orNull(() => forgetUnfinished(services, ownerOf(writing)))
}

async function orNull<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return null
  }
}

function ownerOf({ tenant, account, event }: Pick<Writing, 'tenant' | 'account' | 'event'>): UnfinishedOwner {
  return { tenant: tenant.name, accountId: accountIdOf(account.ref), by: event.actor }
}
