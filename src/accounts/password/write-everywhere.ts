import { AcceptedPassword } from '../../directory/accepted-password.ts'
import type { Trail } from '../../audit/trail.ts'
import { Problem } from '../../problems/problem.ts'
import { accountIdOf } from '../account-id.ts'
import { primaryPlace } from './password-places.ts'
import { isComplete, type Target } from './target.ts'
import {
  forgetUnfinished,
  keepUnfinished,
  takeUnfinished,
  type Unfinished,
  type UnfinishedOwner,
  type UnfinishedStore,
} from './unfinished-write.ts'
import { placeBeside, writeBeside, writeNtHash, writePassword, type Writing } from './write-password.ts'

export type WriteServices = UnfinishedStore & { trail: Trail }

/** What came of a new password in each directory. `retry`: by it what is missing can be written within ten minutes; null when nothing is, or nothing can be. */
export type Written = { targets: readonly Target[]; isComplete: boolean; retry: string | null }

/** `writePassword`, and what a directory that is down did not take is kept for another try by the same party. */
export async function writeEverywhere(
  services: WriteServices,
  writing: Writing,
  now: Date,
): Promise<Written> {
  const targets = await writePassword(services, writing, now)
  const { password, by } = writing
  const mustChange = 'mustChange' in by && by.mustChange
  const kept = { password: password.reveal(), mustChange, missing: missingOf(targets) }
  return { targets, isComplete: isComplete(targets), retry: await keep(services, writing, kept, now) }
}

/** Writes what is missing. Throws Problem `not-found` when it is not this party's, too old, or a newer password has ended it. */
export async function finishWriting(
  services: WriteServices,
  about: Omit<Writing, 'password' | 'by'>,
  id: string,
  now: Date,
): Promise<Written> {
  const found = await takeUnfinished(services, ownerOf(about), id)
  const password = found && AcceptedPassword.accept(found.password, [])
  if (!found || !password) throw new Problem('not-found')
  const writing = { ...about, password, by: { mustChange: found.mustChange } }
  const targets: Target[] = []
  for (const missing of found.missing) {
    const target = await finishOne(services, writing, missing, now)
    if (target !== null) targets.push(target)
  }
  const retry = await keep(services, writing, { ...found, missing: missingOf(targets) }, now)
  return { targets, isComplete: isComplete(targets), retry }
}

async function finishOne(
  services: WriteServices,
  writing: Writing,
  { directory, part }: Unfinished['missing'][number],
  now: Date,
): Promise<Target | null> {
  if (part === 'password') return await writeBeside(services, writing, { directory }, now)
  const ntHash = await ntHashAt(services, writing, directory, now).catch(() => 'failed' as const)
  return { directory, outcome: 'written', putBack: [], ntHash }
}

async function ntHashAt(services: WriteServices, writing: Writing, directory: string, now: Date) {
  const primary = await primaryPlace(writing.tenant, writing.account, now)
  const place = primary.directory.name === directory ? primary : await placeBeside(writing, directory)
  return place && (await writeNtHash(services, writing, place, now))
}

/** What another try may bring; a refusal stays one. */
function missingOf(targets: readonly Target[]): Unfinished['missing'] {
  return targets.flatMap((target): Unfinished['missing'] => {
    const { directory } = target
    if (target.outcome === 'failed') return [{ directory, part: 'password' }]
    return target.outcome === 'written' && target.ntHash === 'failed' ? [{ directory, part: 'nt-hash' }] : []
  })
}

async function keep(
  services: WriteServices,
  writing: Writing,
  unfinished: Parameters<typeof keepUnfinished>[2],
  now: Date,
): Promise<string | null> {
  const owner = ownerOf(writing)
  try {
    if (unfinished.missing.length > 0) return await keepUnfinished(services, owner, unfinished, now)
    await forgetUnfinished(services, owner)
  } catch (error) {
    // The password is written: without the store it cannot be tried again, which is told.
    if (!(error instanceof Problem)) throw error
  }
  return null
}

function ownerOf({ tenant, account, event }: Pick<Writing, 'tenant' | 'account' | 'event'>): UnfinishedOwner {
  return { tenant: tenant.name, accountId: accountIdOf(account.ref), by: event.actor }
}
